import { expect, it } from 'vitest';
import type { DueAssessment } from '../../src/monitor/ports/ports.ts';
import type { CurrentStore } from './contract.ts';
import { later, muchLater, now, registryAt } from './samples.ts';

/** Assessments that are written down for later. */
export function dueContract(current: CurrentStore): void {
  function toDue(digit: number, changes: Partial<DueAssessment> = {}, name = 'acrone'): DueAssessment {
    return { registryId: registryAt(digit, name).id, reason: 'creating', due: now, tries: 0, ...changes };
  }

  it('lists what is due, longest due first, up to a limit', async () => {
    const { due } = current();
    await due.put([toDue(9, { due: later }), toDue(3, { due: now }), toDue(1, { due: muchLater })]);
    const found = await due.listDue(later, 10);
    expect(found).toStrictEqual([
      { ...toDue(3), etag: expect.any(String) },
      { ...toDue(9, { due: later }), etag: expect.any(String) },
    ]);
    expect(await due.listDue(muchLater, 2)).toHaveLength(2);
    expect(await due.listDue('2026-08-01T09:59:59.999Z', 10)).toEqual([]);
    expect(await due.count()).toBe(3);
  });

  it('counts what was due long ago or was tried often', async () => {
    const { due } = current();
    await due.put([toDue(1), toDue(2, { due: later, tries: 3 }), toDue(3, { due: later, tries: 2 })]);
    expect(await due.countStuck({ dueBefore: later, tries: 3 })).toBe(2);
    expect(await due.countStuck({ dueBefore: now, tries: 4 })).toBe(0);
  });

  it('keeps one for each registry, whatever its casing: the last', async () => {
    const { due } = current();
    const shouted = toDue(1, { reason: 'second' });
    shouted.registryId = shouted.registryId.replace('rg-one', 'RG-ONE');
    expect(await due.put([toDue(1), shouted])).toMatchObject([{ reason: 'second' }]);
    expect(await due.listDue(now, 10)).toMatchObject([{ reason: 'second' }]);
    await due.put([toDue(1, { reason: 'third' })]);
    expect(await due.listDue(now, 10)).toMatchObject([{ reason: 'third' }]);
  });

  it('takes none at all', async () => {
    expect(await current().due.put([])).toEqual([]);
  });

  it('takes 250 at once, in one partition and over all', async () => {
    const { due } = current();
    const one = Array.from({ length: 250 }, (_, index) => toDue(5, {}, `one${index}`));
    const all = Array.from({ length: 250 }, (_, index) => toDue(index % 16, {}, `all${index}`));
    const stored = await due.put([...one, ...all]);
    expect(stored).toHaveLength(500);
    expect(await due.count()).toBe(500);
    await Promise.all(stored.slice(0, 20).map((each) => due.settle(each, 'done')));
    expect(await due.count()).toBe(480);
  });

  it('is done with one in the version that was worked off', async () => {
    const { due } = current();
    const [stored] = await due.put([toDue(1)]);
    if (stored) await due.settle(stored, 'done');
    expect(await due.count()).toBe(0);
    if (stored) await due.settle(stored, 'done');
    if (stored) await due.settle(stored, toDue(1, { tries: 1 }));
    expect(await due.count()).toBe(0);
  });

  it('puts one off, and can settle it again only in the new version', async () => {
    const { due } = current();
    await due.put([toDue(1)]);
    const [worked] = await due.listDue(now, 1);
    if (worked) await due.settle(worked, toDue(1, { due: later, tries: 1 }));
    expect(await due.listDue(later, 1)).toMatchObject([{ due: later, tries: 1 }]);
    if (worked) await due.settle(worked, 'done');
    expect(await due.count()).toBe(1);
  });

  it.each(['done', 'next'] as const)(
    'leaves a newer one as it is when an older is settled (%s)',
    async (how) => {
      const { due } = current();
      const [worked] = await due.put([toDue(1)]);
      await due.put([toDue(1, { reason: 'newer' })]);
      if (worked) await due.settle(worked, how === 'done' ? 'done' : toDue(1, { reason: 'older' }));
      expect(await due.listDue(now, 10)).toMatchObject([{ reason: 'newer' }]);
    },
  );
}
