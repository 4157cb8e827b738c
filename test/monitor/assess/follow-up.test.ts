import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import type { AzureReader } from '../../../src/monitor/ports/azure-ports.ts';
import { registryOf, vaultOf } from '../bodies.ts';
import { assembleMonitor, type Monitor, startMonitor, toId } from '../fixture.ts';
import { holdAnswer, listAllDue, listCalls, readView } from '../views.ts';

const plain = registryOf('images');
const creating = registryOf('images', { state: 'Creating' });
const { id } = plain;

function putDue({ store, clock }: Pick<Monitor, 'store' | 'clock'>, ids: readonly string[], reason = 'test') {
  const due = clock.now().toISOString();
  return store.due.put(ids.map((registryId) => ({ registryId, reason, due, tries: 0 })));
}

describe('a registry that is being created', () => {
  it('is looked at again and again until it can be judged', async () => {
    const { react, followUp, store, tenant, clock } = await startMonitor({ resources: [creating] });
    await react(id);
    expect((await followUp()).assessments).toEqual({ done: 0, changed: 0, left: 0 });
    clock.advance(10_000);
    expect((await followUp()).assessments).toMatchObject({ done: 0, left: 1 });
    tenant.put(plain);
    clock.advance(29_999);
    expect((await followUp()).assessments).toMatchObject({ done: 0, left: 0 });
    clock.advance(1);
    expect((await followUp()).assessments).toEqual({ done: 1, changed: 1, left: 0 });
    expect(await readView(store, id)).toMatchObject({ findings: { acr_nocmk: 'open' } });
    expect(await store.due.count()).toBe(0);
  });

  it('is let go once it is gone', async () => {
    const { react, followUp, store, tenant, clock } = await startMonitor({ resources: [creating] });
    await react(id);
    tenant.remove(id);
    clock.advance(10_000);
    expect((await followUp()).assessments).toMatchObject({ done: 1, left: 0 });
    expect(await store.due.count()).toBe(0);
    expect(await readView(store, id)).toMatchObject({ state: undefined, history: [] });
  });
});

describe('a due assessment', () => {
  it('ends after a day of tries, and is told', async () => {
    const { assess, followUp, store, tenant, clock } = await startMonitor({ resources: [creating] });
    await assess(id);
    const due = clock.now().toISOString();
    await store.due.put([{ registryId: id, reason: 'any', due, tries: 30 }]);
    expect(tenant.calls).toHaveLength(1);
    expect((await followUp()).assessments).toMatchObject({ done: 0, dropped: 1 });
    expect(await store.due.count()).toBe(0);
  });

  it('is put off longer each time it fails, up to an hour', async () => {
    const monitor = await startMonitor({ resources: [plain] });
    monitor.tenant.intercept(() => errorAnswer(429, 'TooManyRequests', 'later'));
    await putDue(monitor, [id]);
    const waits: number[] = [];
    for (let tries = 0; tries < 10; tries += 1) {
      await monitor.followUp();
      const [due] = await listAllDue(monitor.store);
      const wait = Date.parse(due?.due ?? '') - monitor.clock.now().getTime();
      waits.push(wait / 1000);
      monitor.clock.advance(wait);
    }
    expect(waits).toEqual([10, 30, 60, 120, 300, 600, 1800, 3600, 3600, 3600]);
    expect(await listAllDue(monitor.store)).toMatchObject([
      { tries: 10, reason: `Reading registry ${id}: HTTP 429 (TooManyRequests)` },
    ]);
    monitor.tenant.intercept(undefined);
    expect((await monitor.followUp()).assessments).toMatchObject({ done: 1, changed: 1 });
  });

  it('that is written down anew while it is worked off stays', async () => {
    const monitor = await startMonitor({ resources: [plain] });
    await putDue(monitor, [id], 'older');
    const held = holdAnswer(monitor.tenant, () => true);
    const working = monitor.followUp();
    await held.arrived;
    monitor.clock.advance(1);
    await putDue(monitor, [id], 'newer');
    // What was written down anew must not be worked off by the same round before the test looks.
    monitor.clock.advance(-1);
    held.release();
    await working;
    expect(await listAllDue(monitor.store)).toMatchObject([{ reason: 'newer', tries: 0 }]);
  });

  it('that fails while it is written down anew leaves the newer one as it is', async () => {
    const monitor = await startMonitor({ resources: [creating] });
    await putDue(monitor, [id], 'older');
    const held = holdAnswer(monitor.tenant, () => true);
    const working = monitor.followUp();
    await held.arrived;
    monitor.clock.advance(1);
    await putDue(monitor, [id], 'newer');
    monitor.clock.advance(-1);
    held.release();
    await working;
    expect(await listAllDue(monitor.store)).toMatchObject([{ reason: 'newer', tries: 0 }]);
  });

  it('of several on one vault reads the vault once', async () => {
    const host = 'kv-images.vault.azure.net';
    const registries = ['aaa', 'bbb', 'ccc'].map((name) => registryOf(name, { host }));
    const monitor = await startMonitor({ resources: [...registries, vaultOf('kv-images')] });
    await putDue(
      monitor,
      registries.map((body) => body.id),
    );
    expect((await monitor.followUp()).assessments).toMatchObject({ done: 3 });
    expect(listCalls(monitor.tenant).filter((call) => call === 'vaults/kv-images')).toHaveLength(1);
  });

  it('is one of many more than fit into a batch, all of which are worked off', async () => {
    const monitor = assembleMonitor(createPlainAzure());
    const ids = Array.from({ length: 1_201 }, (_, index) => registryOf(`images${index}`).id);
    await putDue(monitor, ids);
    expect((await monitor.followUp()).assessments).toEqual({ done: 1_201, changed: 1_201, left: 0 });
    expect(await monitor.store.due.count()).toBe(0);
  });

  it('that nobody gets to in time stays as it is', async () => {
    const monitor = await startMonitor({ resources: [plain] });
    await putDue(monitor, [id]);
    await monitor.followUp(AbortSignal.abort());
    expect(await listAllDue(monitor.store)).toMatchObject([{ reason: 'test', tries: 0 }]);
    expect(monitor.tenant.calls).toEqual([]);
  });
});

describe('following up', () => {
  const failed = { state: 'failed', error: 'HTTP 500' } as const;

  it('sends the alerts that are due, and tells of all of them', async () => {
    const monitor = await startMonitor({ resources: [plain, registryOf('other')] });
    monitor.inbox.answerWith(() => failed);
    await monitor.react(id);
    monitor.clock.advance(5_000);
    monitor.inbox.answerWith(() => ({ state: 'delivered' }));
    await putDue(monitor, [registryOf('other').id]);
    expect(await monitor.followUp()).toEqual({
      assessments: { done: 1, changed: 1, left: 0 },
      alerts: { delivered: 1, failed: 0 },
    });
    expect(monitor.inbox.messages).toHaveLength(3);
  });

  it('sends the alerts that are due though assessments take all of its time', async () => {
    const monitor = await startMonitor({ resources: [plain] });
    monitor.inbox.answerWith(() => failed);
    await monitor.react(id);
    monitor.clock.advance(5_000);
    monitor.inbox.answerWith(() => ({ state: 'delivered' }));
    await putDue(monitor, [registryOf('other').id]);
    const controller = new AbortController();
    monitor.tenant.intercept(() => {
      controller.abort();
      return { kind: 'silence' };
    });
    expect((await monitor.followUp(controller.signal)).alerts).toEqual({ delivered: 1, failed: 0 });
  });
});

/** An Azure in which every registry exists, without a customer-managed key. */
function createPlainAzure(): AzureReader {
  const fake: Partial<AzureReader> = {
    readRegistry: async (asked) => {
      const reading = { what: 'registry', id: asked.id, at: '', from: '', status: 200 } as const;
      return { state: 'found', reading, value: { id: toId(asked.id), location: 'westeurope', reading } };
    },
    listRegistries: async (id) => {
      const reading = { what: 'registry', id, at: '', from: '', status: 403 } as const;
      return { state: 'forbidden', reading };
    },
  };
  return fake as AzureReader;
}

it('a receiver that never answers holds up no due assessment', async () => {
  const other = registryOf('other');
  const monitor = await startMonitor({ resources: [plain, other] });
  const answer = Promise.withResolvers<{ state: 'delivered' }>();
  monitor.inbox.answerWith(() => answer.promise);
  const controller = new AbortController();
  void monitor.react(id, controller.signal);
  await expect.poll(() => monitor.inbox.messages.length).toBe(1);
  monitor.clock.advance(60_000);
  await putDue(monitor, [other.id]);
  const working = monitor.followUp();
  await expect.poll(() => monitor.store.due.count()).toBe(0);
  expect(await readView(monitor.store, other.id)).toMatchObject({ findings: { acr_nocmk: 'open' } });
  answer.resolve({ state: 'delivered' });
  expect(await working).toMatchObject({ assessments: { done: 1 } });
});
