import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../fakes/memory-store.ts';
import { toSweep } from '../../store/samples.ts';
import { registryOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { listAllDue } from '../views.ts';

const resources = ['acrone', 'acrtwo', 'acrthree'].map((name) => registryOf(name));

describe.each(['arm', 'graph'] as const)('by %s', (inventory) => {
  it.each([/Microsoft\.ContainerRegistry\/registries/i, /^\/subscriptions$/i])(
    'a sweep whose process ends has its end as well, whatever Azure does (%s hangs)',
    async (path) => {
      const { sweep, end, store, tenant, exceptions } = await startMonitor({ resources, inventory });
      const hangs = Promise.withResolvers<void>();
      tenant.intercept((request) => {
        if (!path.test(request.path)) return undefined;
        hangs.resolve();
        return { kind: 'silence' };
      });
      const swept = sweep();
      await hangs.promise;
      await end(4_000);
      const { items } = await store.sweeps.listSweeps({ limit: 10 });
      expect(items).toMatchObject([{ outcome: 'partial', interrupted: true, endedAt: expect.any(String) }]);
      expect(exceptions).toContainEqual({ sweep: items[0]?.sweep, reason: 'interrupted' });
      expect(await swept).toMatchObject({ outcome: 'partial' });
      expect(await listAllDue(store)).toEqual([]);
    },
  );
});

it('the end of the process waits for nothing longer than it is told to', async () => {
  const { followUp, end, store } = await startMonitor();
  const begun = Promise.withResolvers<void>();
  store.due.listDue = () => {
    begun.resolve();
    return new Promise(() => {});
  };
  void followUp();
  await begun.promise;
  await expect(end(20)).resolves.toBeUndefined();
});

describe('a sweep without an end, as its process was killed', () => {
  const killed = toSweep('2026-08-01T09:00:00.000Z');
  const running = toSweep('2026-08-01T09:59:55.000Z');

  it('is told as cut off once no sweep can take so long', async () => {
    const store = createMemoryStore();
    const { queries } = await startMonitor({ store });
    for (const record of [killed, running]) await store.sweeps.put(record);
    expect(await queries.sweeps({ limit: 10 })).toEqual({
      items: [running, { ...killed, outcome: 'partial', interrupted: true }],
    });
  });

  it('is closed by the next one', async () => {
    const store = createMemoryStore();
    const { sweep, exceptions } = await startMonitor({ store, resources });
    for (const record of [killed, running]) await store.sweeps.put(record);
    expect(await sweep()).toMatchObject({ outcome: 'complete' });
    const { items } = await store.sweeps.listSweeps({ limit: 10 });
    expect(items.slice(1)).toEqual([
      running,
      { ...killed, outcome: 'partial', interrupted: true, endedAt: '2026-08-01T10:00:00.000Z' },
    ]);
    expect(exceptions).toEqual([{ sweep: killed.sweep, reason: 'interrupted' }]);
  });
});
