import { expect, it } from 'vitest';
import { InvalidCursor } from '../../src/monitor/ports/ports.ts';
import type { CurrentStore } from './contract.ts';
import { later, muchLater, now, toSweep } from './samples.ts';

/** What sweeps did. */
export function sweepContract(current: CurrentStore): void {
  it('lists sweeps newest first, page by page', async () => {
    const { sweeps } = current();
    for (const at of [later, now, muchLater]) await sweeps.put(toSweep(at));
    const first = await sweeps.listSweeps({ limit: 2 });
    expect(first.items).toStrictEqual([toSweep(muchLater), toSweep(later)]);
    const second = await sweeps.listSweeps({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second).toStrictEqual({ items: [toSweep(now)] });
    await expect(sweeps.listSweeps({ limit: 2, cursor: 'odd' })).rejects.toThrow(InvalidCursor);
  });

  it('keeps that one was cut off', async () => {
    const sweep = toSweep(now, { interrupted: true, outcome: 'partial' });
    await current().sweeps.put(sweep);
    expect(await current().sweeps.listSweeps({ limit: 10 })).toStrictEqual({ items: [sweep] });
  });

  it('keeps when following up last began', async () => {
    const { sweeps } = current();
    expect(await sweeps.readFollowedUp()).toBeUndefined();
    for (const at of [now, later]) await sweeps.noteFollowUp(at);
    expect(await sweeps.readFollowedUp()).toBe(later);
    expect((await sweeps.listSweeps({ limit: 10 })).items).toEqual([]);
  });

  it.each(['graph', 'arm', undefined] as const)(
    'keeps where registries were read from: %s',
    async (inventory) => {
      const sweep = toSweep(now, inventory ? { inventory } : {});
      await current().sweeps.put(sweep);
      expect(await current().sweeps.listSweeps({ limit: 10 })).toStrictEqual({ items: [sweep] });
    },
  );

  it('keeps one row a sweep, from its start to its end', async () => {
    const { sweeps } = current();
    await sweeps.put(toSweep(now));
    const ended = toSweep(now, { endedAt: later, outcome: 'partial', unconfirmed: 2 });
    await sweeps.put(ended);
    expect(await sweeps.listSweeps({ limit: 10 })).toStrictEqual({ items: [ended] });
  });
}
