import { expect, it } from 'vitest';
import { InvalidCursor, type SweepRecord } from '../../src/monitor/ports.ts';
import type { CurrentStore } from './contract.ts';
import { later, muchLater, now, subscriptionAt } from './samples.ts';

/** What sweeps did. */
export function sweepContract(current: CurrentStore): void {
  function toSweep(startedAt: string, changes: Partial<SweepRecord> = {}): SweepRecord {
    const counts = { subscriptions: 3, registries: 40, assessed: 4, changed: 1, unconfirmed: 0 };
    return { sweep: `s-${startedAt}`, startedAt, ...counts, calls: 12, rowsWritten: 7, ...changes };
  }

  it('lists sweeps newest first, page by page', async () => {
    const { sweeps } = current();
    for (const at of [later, now, muchLater]) await sweeps.put(toSweep(at));
    const first = await sweeps.listSweeps({ limit: 2 });
    expect(first.items).toStrictEqual([toSweep(muchLater), toSweep(later)]);
    const second = await sweeps.listSweeps({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second).toStrictEqual({ items: [toSweep(now)] });
    await expect(sweeps.listSweeps({ limit: 2, cursor: 'odd' })).rejects.toThrow(InvalidCursor);
  });

  it('keeps one row a sweep, from its start to its end', async () => {
    const { sweeps } = current();
    await sweeps.put(toSweep(now));
    const ended = toSweep(now, { endedAt: later, outcome: 'partial', unconfirmed: 2 });
    await sweeps.put(ended);
    expect(await sweeps.listSweeps({ limit: 10 })).toStrictEqual({ items: [ended] });
  });

  it('keeps one row a subscription, whatever its casing', async () => {
    const { sweeps } = current();
    const record = { subscriptionId: subscriptionAt(10), state: 'read' as const, since: now, firstSeen: now };
    await sweeps.putSubscription(record);
    const lost = { ...record, subscriptionId: subscriptionAt(10).toUpperCase(), state: 'lost' as const };
    await sweeps.putSubscription(lost);
    expect(await sweeps.listSubscriptions()).toStrictEqual([lost]);
  });

  it('takes any number of exceptions, alike ones included', async () => {
    const { sweeps } = current();
    const exceptions = Array.from({ length: 230 }, () => ({ sweep: 's1', reason: 'throttled' }));
    await sweeps.addExceptions(toSweep(now, { sweep: 's1' }), exceptions);
    await sweeps.addExceptions(toSweep(later), []);
    const page = await sweeps.listExceptions(toSweep(now, { sweep: 's1' }), { limit: 1000 });
    expect(page).toEqual({ items: exceptions });
    expect(await sweeps.listExceptions(toSweep(later), { limit: 10 })).toEqual({ items: [] });
    expect(await sweeps.listSweeps({ limit: 1 })).toEqual({ items: [] });
  });
}
