import { expect, it } from 'vitest';
import {
  InvalidCursor,
  type Page,
  type SubscriptionRecord,
  type SweepException,
  subscriptionStates,
} from '../../src/monitor/ports/ports.ts';
import type { CurrentStore } from './contract.ts';
import { later, now, registryAt, subscriptionAt, toSweep } from './samples.ts';

/** What sweeps could read of the tenant, and what not. */
export function coverageContract(current: CurrentStore): void {
  const toRecord = (digit: number, state: SubscriptionRecord['state']): SubscriptionRecord => ({
    subscriptionId: subscriptionAt(digit),
    state,
    since: later,
    firstSeen: now,
  });

  /** Puts two subscriptions of each state; the first letter of the id tells the order. */
  async function putAll() {
    const records = [...subscriptionStates, ...subscriptionStates].map((state, digit) =>
      toRecord(digit, state),
    );
    for (const record of records.toReversed()) await current().sweeps.putSubscription(record);
    return records;
  }

  it('keeps one row a subscription, whatever its casing', async () => {
    const { sweeps } = current();
    await sweeps.putSubscription(toRecord(10, 'read'));
    const lost = { ...toRecord(10, 'lost'), subscriptionId: subscriptionAt(10).toUpperCase() };
    await sweeps.putSubscription(lost);
    expect(await sweeps.listSubscriptions()).toStrictEqual([lost]);
  });

  it('lists subscriptions by id, all or those in any of some states', async () => {
    const { sweeps } = current();
    const records = await putAll();
    expect(await sweeps.listCoverage([], { limit: 10 })).toStrictEqual({ items: records });
    for (const state of subscriptionStates) {
      const items = records.filter((record) => record.state === state);
      expect(items).toHaveLength(2);
      expect(await sweeps.listCoverage([state], { limit: 10 })).toStrictEqual({ items });
    }
    const { items } = await sweeps.listCoverage(['lost', 'unreadable'], { limit: 10 });
    expect(items.map(({ state }) => state)).toEqual(['unreadable', 'lost', 'unreadable', 'lost']);
  });

  it('lists subscriptions page by page', async () => {
    const { sweeps } = current();
    await putAll();
    const pages = await readPages((page) => sweeps.listCoverage(['read', 'forgotten', 'lost'], page), 2);
    expect(pages.map((items) => items.map(({ state }) => state))).toEqual([
      ['read', 'lost'],
      ['forgotten', 'read'],
      ['lost', 'forgotten'],
    ]);
    await expect(sweeps.listCoverage([], { limit: 2, cursor: 'odd' })).rejects.toThrow(InvalidCursor);
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

  it('lists the exceptions of one sweep alone, page by page', async () => {
    const { sweeps } = current();
    const toExceptions = (sweep: string, count: number): SweepException[] =>
      Array.from({ length: count }, (_, index) => ({
        sweep,
        subscriptionId: subscriptionAt(index),
        registryId: registryAt(index).id,
        reason: 'registry_forbidden',
      }));
    const first = toSweep(now, { sweep: 's1' });
    await sweeps.addExceptions(first, toExceptions('s1', 5));
    await sweeps.addExceptions(toSweep(now, { sweep: 's10' }), toExceptions('s10', 2));
    await sweeps.addExceptions(toSweep(later, { sweep: 's1' }), []);
    const pages = await readPages((page) => sweeps.listExceptions(first, page), 2);
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    const ids = pages.flat().map(({ registryId }) => registryId);
    expect(ids.sort()).toEqual(toExceptions('s1', 5).map(({ registryId }) => registryId));
    await expect(sweeps.listExceptions(first, { limit: 2, cursor: 'odd' })).rejects.toThrow(InvalidCursor);
  });

  it('takes exceptions with texts of any length', async () => {
    const { sweeps } = current();
    const sweep = toSweep(now, { sweep: 's1' });
    const long = 'x'.repeat(40_000);
    const exception = { sweep: 's1', subscriptionId: long, registryId: `/${long}`, reason: long };
    await sweeps.addExceptions(sweep, [exception]);
    const start = (text: string) => expect.stringMatching(new RegExp(`^${text}x{500}`));
    expect(await sweeps.listExceptions(sweep, { limit: 10 })).toMatchObject({
      items: [{ subscriptionId: start(''), registryId: start('/'), reason: start('') }],
    });
  });
}

/** All pages of a list; no page but the last lacks a cursor. */
async function readPages<T>(
  list: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
  limit: number,
): Promise<T[][]> {
  const pages: T[][] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: Page<T> = await list({ limit, ...(cursor ? { cursor } : {}) });
    pages.push(page.items);
    cursor = page.nextCursor;
  }
  return pages;
}
