import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Message, RoundUpMessage } from '../../../src/domain/record/alert.ts';
import type { AzureReader } from '../../../src/monitor/ports/azure-ports.ts';
import type { Delivery, Store } from '../../../src/monitor/ports/ports.ts';
import { registryAt, toAlert, toCommit } from '../../store/samples.ts';
import { assembleMonitor, startRun } from '../fixture.ts';

const failed: Delivery = { state: 'failed', error: 'HTTP 500' };
const firstDue = Date.parse('2026-08-01T09:00:00.000Z');
const letters = [...'fbdace'];

/** Writes alerts of one sweep, due one after the other, each about a registry that is named as the alert ends. */
async function put(store: Store, names: readonly string[]) {
  for (const [index, name] of names.entries()) {
    const due = new Date(firstDue + index).toISOString();
    const id = registryAt(index, `images${name}`);
    const { payload, ...alert } = toAlert(id, { id: `msg_${name}`, sweep: 's1', due });
    const registry = { name: id.name, id: id.id, subscriptionId: id.subscriptionId };
    const about = { ...registry, resourceGroup: id.resourceGroup, location: 'westeurope' };
    const message = { ...payload, id: alert.id, registry: about } as typeof payload;
    await store.findings.commit(toCommit(id, { alerts: [{ ...alert, payload: message }] }));
  }
}

/** A monitor that only delivers, with so many alerts of one sweep waiting. */
async function open(names: readonly string[] = letters) {
  const monitor = assembleMonitor({} as AzureReader);
  await put(monitor.store, names);
  return { ...monitor, send: () => monitor.delivery.sendDue(startRun()) };
}

/** Who a digest tells of, in its order. */
function toNames(message: Message | undefined): string[] {
  expect(message?.type).toBe('sweep.findings.changed');
  return (message as RoundUpMessage).items.map(({ registry }) => registry.name);
}

it('a digest tells of registries in the order of their alerts’ ids, whatever came first', async () => {
  const { send, inbox } = await open();
  expect(await send()).toEqual({ delivered: 6, failed: 0 });
  expect(inbox.messages.map(toNames)).toEqual([letters.toSorted().map((name) => `images${name}`)]);
});

it('a digest that was delivered, but settled only in part, keeps its id when the rest is repeated', async () => {
  const { send, inbox, store, clock } = await open();
  const { remove } = store.alerts;
  store.alerts.remove = (alert) =>
    'msg_d msg_e'.includes(alert.id) ? Promise.reject(new Error('the store is away')) : remove(alert);
  expect(await send()).toEqual({ delivered: 0, failed: 6 });
  store.alerts.remove = remove;
  clock.advance(60_000);
  inbox.answerWith(() => failed);
  expect(await send()).toEqual({ delivered: 0, failed: 2 });
  store.alerts.remove = (alert) =>
    alert.id === 'msg_e' ? Promise.reject(new Error('the store is away')) : remove(alert);
  inbox.answerWith(() => ({ state: 'delivered' }));
  clock.advance(5_000);
  expect(await send()).toEqual({ delivered: 0, failed: 2 });
  store.alerts.remove = remove;
  clock.advance(60_000);
  expect(await send()).toEqual({ delivered: 1, failed: 0 });
  expect(new Set(inbox.messages.map(({ id }) => id)).size).toBe(1);
  expect(inbox.messages.map((message) => toNames(message).length)).toEqual([6, 2, 2, 1]);
  expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
});

it('a digest that a dying process took keeps its id when the next one sends it', async () => {
  const { send, inbox, clock } = await open();
  inbox.answerWith(() => new Promise(() => {}));
  void send();
  await expect.poll(() => inbox.messages.length).toBe(1);
  inbox.answerWith(() => ({ state: 'delivered' }));
  clock.advance(60_000);
  expect(await send()).toEqual({ delivered: 6, failed: 0 });
  const [first, second] = inbox.messages;
  expect(second?.id).toBe(first?.id);
  expect(second).toEqual(first);
});

it('an alert of the same sweep that comes later is told apart from a digest that was tried before', async () => {
  const { send, inbox, store, clock } = await open();
  inbox.answerWith(() => failed);
  expect(await send()).toEqual({ delivered: 0, failed: 6 });
  await put(store, [...letters, 'g'].slice(-1));
  inbox.answerWith(() => ({ state: 'delivered' }));
  clock.advance(5_000);
  expect(await send()).toEqual({ delivered: 7, failed: 0 });
  const [first, ...rest] = inbox.messages;
  expect(rest.map(({ id }) => id).sort()).toEqual([first?.id, 'msg_g'].sort());
});

it('alerts that failed together are due together, however long it took to write that down', async () => {
  const { send, inbox, store, clock } = await open();
  const { postpone } = store.alerts;
  store.alerts.postpone = (alert) => {
    clock.advance(1);
    return postpone(alert);
  };
  inbox.answerWith(() => failed);
  await send();
  const waiting = await store.alerts.listSendable('9999');
  expect(new Set(waiting.map((alert) => alert.due)).size).toBe(1);
});

it('two senders at once never tell different things under one id, and lose nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (s) => {
      const first = await open([...'abcdefghijkl']);
      const { alerts } = first.store;
      const { lease } = alerts;
      alerts.lease = async (...asked) => {
        await s.schedule(Promise.resolve());
        return lease(...asked);
      };
      const second = assembleMonitor({} as AzureReader, { store: first.store });
      await s.waitFor(Promise.all([first.send(), second.delivery.sendDue(startRun())]));
      const messages = [...first.inbox.messages, ...second.inbox.messages];
      expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
      expect(messages.flatMap(toNames)).toHaveLength(12);
      expect(await alerts.count()).toEqual({ pending: 0, dead: 0 });
    }),
    { numRuns: 50 },
  );
});
