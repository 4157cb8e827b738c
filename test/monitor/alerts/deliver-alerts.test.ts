import { describe, expect, it, onTestFinished } from 'vitest';
import { startWebhookReceiver } from '../../../simulator/demo/webhook-receiver.ts';
import { createSink } from '../../../src/alerts/sinks.ts';
import type { Alert } from '../../../src/domain/record/alert.ts';
import type { AzureReader } from '../../../src/monitor/ports/azure-ports.ts';
import type { Delivery } from '../../../src/monitor/ports/ports.ts';
import { registryAt, toAlert, toCommit } from '../../store/samples.ts';
import { registryOf } from '../bodies.ts';
import { assembleMonitor, type MonitorOptions, startMonitor, startRun } from '../fixture.ts';

const delivered = { state: 'delivered' } as const;
const failed = { state: 'failed', error: 'HTTP 500' } as const;
const due = '2026-08-01T10:00:00.000Z';
const registry = registryAt(1);

/** A monitor that only delivers, and what waits in its store. */
async function open(alerts: Partial<Alert>[] = [{}], options: MonitorOptions = {}) {
  const monitor = assembleMonitor({} as AzureReader, options);
  const { store, delivery } = monitor;
  const all = alerts.map((alert) => toAlert(registry, { due, ...alert }));
  await store.findings.commit(toCommit(registry, { alerts: all }));
  return {
    ...monitor,
    send: (signal?: AbortSignal) => delivery.sendDue(startRun(signal, monitor.log)),
    /** All that wait, whenever they are due. */
    list: () => store.alerts.listSendable('9999'),
  };
}

/** Answers the deliveries one after the other. */
function inTurn(...answers: Delivery[]) {
  return () => answers.shift() ?? delivered;
}

describe('an alert that is due', () => {
  it('is sent and gone', async () => {
    const { send, inbox, list } = await open();
    expect(await send()).toEqual({ delivered: 1, failed: 0 });
    expect(inbox.messages).toEqual([toAlert(registry).payload]);
    expect(await list()).toEqual([]);
    expect(await send()).toEqual({ delivered: 0, failed: 0 });
  });

  it('is sent with the same id until it was taken, after the waits of the schedule', async () => {
    const { send, inbox, clock, list } = await open();
    inbox.answerWith(inTurn(failed, { state: 'failed', error: 'HTTP 503' }));
    expect(await send()).toEqual({ delivered: 0, failed: 1 });
    expect(await list()).toMatchObject([
      { attempts: 1, due: '2026-08-01T10:00:05.000Z', lastError: 'HTTP 500' },
    ]);
    clock.advance(4_999);
    expect(await send()).toEqual({ delivered: 0, failed: 0 });
    clock.advance(1);
    expect(await send()).toEqual({ delivered: 0, failed: 1 });
    expect(await list()).toMatchObject([
      { attempts: 2, due: '2026-08-01T10:05:05.000Z', lastError: 'HTTP 503' },
    ]);
    clock.advance(300_000);
    expect(await send()).toEqual({ delivered: 1, failed: 0 });
    expect(inbox.messages.map(({ id }) => id)).toEqual(['msg_1', 'msg_1', 'msg_1']);
    expect(await list()).toEqual([]);
  });

  it.each([
    ['later than the schedule, when', 90_000, '2026-08-01T10:01:30.000Z'],
    ['sooner than the schedule, no sooner than', 1_000, '2026-08-01T10:00:05.000Z'],
  ])('and whose receiver asks to come %s it says', async (_, retryAfter, next) => {
    const { send, inbox, list } = await open();
    inbox.answerWith(inTurn({ ...failed, retryAfter }));
    await send();
    expect(await list()).toMatchObject([{ due: next }]);
  });

  it('is dead once the schedule is at its end, stays visible and is not sent again', async () => {
    const { send, inbox, clock, store, lines } = await open();
    inbox.answerWith(() => failed);
    for (const wait of [0, 5_000, 300_000, 1_800_000]) {
      clock.advance(wait);
      expect(await store.alerts.count()).toEqual({ pending: 1, dead: 0 });
      expect(await send()).toEqual({ delivered: 0, failed: 1 });
    }
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 1 });
    clock.advance(86_400_000);
    expect(await send()).toEqual({ delivered: 0, failed: 0 });
    expect(inbox.messages).toHaveLength(4);
    expect(lines).toContain('Alert msg_1 is dead after 4 attempts: HTTP 500');
  });

  it('is dead at once when the receiver wants no more', async () => {
    const { send, inbox, store } = await open();
    inbox.answerWith(() => ({ state: 'refused', error: 'HTTP 410' }));
    expect(await send()).toEqual({ delivered: 0, failed: 1 });
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 1 });
  });

  it('does not hold up the others when it fails', async () => {
    const { send, inbox, store } = await open([{ id: 'msg_1' }, { id: 'msg_2' }, { id: 'msg_3' }]);
    inbox.answerWith(inTurn(failed));
    expect(await send()).toEqual({ delivered: 2, failed: 1 });
    expect(await store.alerts.count()).toEqual({ pending: 1, dead: 0 });
  });

  it('waits for the next round when time is over', async () => {
    const { send, inbox, list } = await open();
    expect(await send(AbortSignal.abort())).toEqual({ delivered: 0, failed: 0 });
    expect(inbox.messages).toEqual([]);
    expect(await list()).toMatchObject([{ attempts: 0 }]);
  });
});

describe('the lease of an alert', () => {
  it('lets one of two senders send it', async () => {
    const first = await open([{ id: 'msg_1' }, { id: 'msg_2' }, { id: 'msg_3' }]);
    const second = assembleMonitor({} as AzureReader, { store: first.store });
    const results = await Promise.all([first.send(), second.delivery.sendDue(startRun())]);
    expect(results.reduce((sum, result) => sum + result.delivered, 0)).toBe(3);
    expect(first.inbox.messages.length + second.inbox.messages.length).toBe(3);
  });

  it('keeps others from sending what somebody is sending, for a minute', async () => {
    const { send, inbox, clock } = await open();
    inbox.answerWith(() => new Promise(() => {}));
    const crashed = send();
    await expect.poll(() => inbox.messages.length).toBe(1);
    inbox.answerWith(() => delivered);
    clock.advance(59_999);
    expect(await send()).toEqual({ delivered: 0, failed: 0 });
    clock.advance(1);
    expect(await send()).toEqual({ delivered: 1, failed: 0 });
    expect(inbox.messages.map(({ id }) => id)).toEqual(['msg_1', 'msg_1']);
    expect(crashed).toBeInstanceOf(Promise);
  });

  it('that is over leaves the alert to who took it then', async () => {
    const { send, inbox, clock, list } = await open();
    const slow = Promise.withResolvers<Delivery>();
    inbox.answerWith(() => slow.promise);
    const first = send();
    await expect.poll(() => inbox.messages.length).toBe(1);
    clock.advance(60_000);
    inbox.answerWith(() => failed);
    await send();
    slow.resolve({ state: 'refused', error: 'HTTP 410' });
    await first;
    expect(await list()).toMatchObject([{ status: 'pending', attempts: 1, lastError: 'HTTP 500' }]);
  });

  it('is held by who commits, who sends at once', async () => {
    const { react, followUp, inbox, store, clock } = await startMonitor({
      resources: [registryOf('images')],
    });
    const sending = Promise.withResolvers<Delivery>();
    inbox.answerWith(() => sending.promise);
    const reaction = react(registryOf('images').id);
    await expect.poll(() => inbox.messages.length).toBe(1);
    clock.advance(1_000);
    expect((await followUp()).alerts).toEqual({ delivered: 0, failed: 0 });
    sending.resolve(delivered);
    await reaction;
    expect(inbox.messages).toHaveLength(1);
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('brings back an alert that was sent, but could not be settled', async () => {
    const { send, inbox, clock, store, lines } = await open();
    const { remove } = store.alerts;
    store.alerts.remove = () => Promise.reject(new Error('the store is away'));
    expect(await send()).toEqual({ delivered: 0, failed: 1 });
    expect(lines).toEqual(['Alert msg_1 could not be settled, it is repeated: the store is away']);
    store.alerts.remove = remove;
    clock.advance(60_000);
    expect(await send()).toEqual({ delivered: 1, failed: 0 });
    expect(inbox.messages.map(({ id }) => id)).toEqual(['msg_1', 'msg_1']);
  });

  it('brings back an alert whose sink broke', async () => {
    const { send, inbox, clock } = await open();
    inbox.answerWith(() => Promise.reject(new Error('broken')));
    expect(await send()).toEqual({ delivered: 0, failed: 1 });
    inbox.answerWith(() => delivered);
    clock.advance(60_000);
    expect(await send()).toEqual({ delivered: 1, failed: 0 });
  });
});

describe('a webhook as the sink', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  async function openWebhook(
    answer: (attempt: number) => { status: number; headers?: Record<string, string> },
  ) {
    const receiver = await startWebhookReceiver({ secret, answer: (_, attempt) => answer(attempt) });
    onTestFinished(() => receiver.close());
    const url = `${receiver.url}/hook-of-nobody-else`;
    const sink = createSink({ name: 'webhook', url, secret, minSeverity: 'low', now: () => new Date() });
    return { receiver, ...(await open([{ sink: 'webhook' }], { sink })) };
  }

  it('that fails twice gets the alert a third time, with the same id and a valid signature', async () => {
    const { receiver, send, clock } = await openWebhook((attempt) => ({ status: attempt < 3 ? 500 : 200 }));
    for (const wait of [0, 5_000, 300_000, 1_800_000]) {
      clock.advance(wait);
      await send();
    }
    expect(receiver.deliveries.map(({ id, attempt, valid }) => [id, attempt, valid])).toEqual([
      ['msg_1', 1, true],
      ['msg_1', 2, true],
      ['msg_1', 3, true],
    ]);
  });

  it('is named neither in the last error nor in the log', async () => {
    const { receiver, send, list, lines, clock } = await openWebhook(() => ({
      status: 302,
      headers: { location: 'https://elsewhere.example/' },
    }));
    await send();
    await receiver.close();
    clock.advance(5_000);
    await send();
    const [alert] = await list();
    expect(alert).toMatchObject({ attempts: 2, lastError: expect.any(String) });
    expect(lines).toHaveLength(2);
    expect(`${alert?.lastError} ${lines.join(' ')}`).not.toMatch(/hook-of-nobody|127\.0\.0\.1|elsewhere/);
  });
});

describe('a sink that takes long', () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ id: `msg_${10 + index}` }));

  it('and fails is tried once a minute, says so once, and loses nothing', async () => {
    const { send, inbox, clock, store, lines } = await open(many);
    inbox.answerWith(() => {
      clock.advance(15_000);
      return failed;
    });
    await send();
    const tried = inbox.messages.length;
    expect(tried).toBeLessThan(10);
    await send();
    expect(inbox.messages).toHaveLength(tried);
    clock.advance(60_000);
    await send();
    expect(inbox.messages).toHaveLength(tried + 1);
    expect(lines.filter((line) => line.includes('it is tried once a minute'))).toHaveLength(1);
    inbox.answerWith(() => delivered);
    clock.advance(300_000);
    for (let round = 0; round < 2; round += 1) await send();
    expect(inbox.messages).toHaveLength(tried + 1 + 40);
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('gets no more deliveries of a round after half a minute', async () => {
    const { send, inbox, clock, store } = await open(many);
    inbox.answerWith(() => {
      clock.advance(15_000);
      return delivered;
    });
    await send();
    expect(inbox.messages.length).toBeLessThan(10);
    expect((await store.alerts.count()).pending).toBe(40 - inbox.messages.length);
  });

  it('can put an alert off for an hour at most', async () => {
    const { send, inbox, list } = await open();
    inbox.answerWith(inTurn({ ...failed, retryAfter: 86_400_000 }));
    await send();
    expect(await list()).toMatchObject([{ due: '2026-08-01T11:00:00.000Z' }]);
  });
});

it('an alert that cannot be leased costs itself only', async () => {
  const { send, inbox, store, lines } = await open([{ id: 'msg_1' }, { id: 'msg_2' }, { id: 'msg_3' }]);
  const { lease } = store.alerts;
  store.alerts.lease = (alert, options) =>
    alert.id === 'msg_1' ? Promise.reject(new Error('HTTP 400')) : lease(alert, options);
  expect(await send()).toEqual({ delivered: 2, failed: 1 });
  expect(inbox.messages).toHaveLength(2);
  expect(lines).toEqual(['Alert msg_1 could not be leased, it is tried again: HTTP 400']);
});
