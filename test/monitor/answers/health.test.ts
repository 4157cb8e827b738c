import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/monitor/answers/health.ts';
import type { SweepRecord } from '../../../src/monitor/ports/ports.ts';
import { createMemoryStore } from '../../fakes/memory-store.ts';
import { registryAt, toAlert, toCommit } from '../../store/samples.ts';

const now = () => new Date('2026-08-01T10:00:00.000Z');
const staleAfter = 3_600;

/** A sweep that ended at a time of that day; it never ended without an outcome. */
function sweepAt(time: string, outcome?: SweepRecord['outcome']): SweepRecord {
  const at = `2026-08-01T${time}:00.000Z`;
  const counts = {
    subscriptions: 1,
    registries: 1,
    assessed: 1,
    changed: 0,
    unconfirmed: 0,
    calls: 2,
    rowsWritten: 1,
  };
  return { sweep: `sweep-${time}`, startedAt: at, ...counts, ...(outcome ? { endedAt: at, outcome } : {}) };
}

async function check(...sweeps: SweepRecord[]) {
  const store = createMemoryStore();
  for (const sweep of sweeps) await store.sweeps.put(sweep);
  return checkHealth({ store, now }, staleAfter);
}

describe('the monitor', () => {
  it('is well while the last sweep is recent enough', async () => {
    expect(await check(sweepAt('08:00', 'complete'), sweepAt('09:00', 'partial'))).toEqual({
      status: 'ok',
      lastSweepEndedAt: '2026-08-01T09:00:00.000Z',
      lastSweepOutcome: 'partial',
      lastSweepAge: 3_600,
      staleAfter,
      dueAssessments: 0,
      alerts: { pending: 0, dead: 0 },
    });
  });

  it('is stale once it is not', async () => {
    expect(await check(sweepAt('08:59', 'complete'))).toMatchObject({ status: 'stale', lastSweepAge: 3_660 });
  });

  it('is stale before the first sweep, and while the first one runs', async () => {
    expect(await check()).toEqual({
      status: 'stale',
      staleAfter,
      dueAssessments: 0,
      alerts: { pending: 0, dead: 0 },
    });
    expect(await check(sweepAt('09:59'))).not.toHaveProperty('lastSweepEndedAt');
  });

  it('does not count sweeps that failed or died, but tells the last outcome', async () => {
    expect(
      await check(sweepAt('08:00', 'complete'), sweepAt('09:30', 'failed'), sweepAt('09:40')),
    ).toMatchObject({
      status: 'stale',
      lastSweepEndedAt: '2026-08-01T08:00:00.000Z',
      lastSweepOutcome: 'failed',
    });
    expect(await check(sweepAt('09:20', 'complete'), sweepAt('09:30', 'failed'))).toMatchObject({
      status: 'ok',
    });
  });

  it('tells how much waits', async () => {
    const store = createMemoryStore();
    const id = registryAt(1);
    const alerts = [
      toAlert(id, { id: 'a' }),
      toAlert(id, { id: 'b' }),
      toAlert(id, { id: 'c', status: 'dead' }),
    ];
    await store.findings.commit(toCommit(id, { alerts }));
    await store.due.put([{ registryId: id.id, reason: 'test', due: '2026-08-02T00:00:00.000Z', tries: 0 }]);
    expect(await checkHealth({ store, now }, staleAfter)).toMatchObject({
      dueAssessments: 1,
      alerts: { pending: 2, dead: 1 },
    });
  });
});
