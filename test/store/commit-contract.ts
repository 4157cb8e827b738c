import { expect, it } from 'vitest';
import type { RegistryRecord } from '../../src/domain/record/finding.ts';
import type { Commit, Versioned } from '../../src/monitor/ports/ports.ts';
import type { CurrentStore } from './contract.ts';
import {
  later,
  registryAt,
  subscriptionAt,
  toAlert,
  toCommit,
  toFinding,
  toHistory,
  toId,
  toRecord,
} from './samples.ts';

/** Registries, findings and history. */
export function commitContract(current: CurrentStore): void {
  const id = registryAt(1);

  async function commit(made: Commit) {
    const result = await current().findings.commit(made);
    if (result.state !== 'committed') throw new Error('The race was lost');
    return result;
  }

  async function readStored(): Promise<Versioned<RegistryRecord>> {
    const stored = await current().findings.readRegistry(id);
    if (!stored) throw new Error('There is no row');
    return stored;
  }

  it('knows nothing of a registry never seen', async () => {
    expect(await current().findings.readRegistry(id)).toBeUndefined();
    expect(await current().findings.readFindings(id)).toEqual([]);
    expect(await Array.fromAsync(current().findings.listMarks())).toEqual([]);
  });

  it('reads back the first commit as it was made, with absent properties absent', async () => {
    const made = toCommit(id, { findings: [toFinding()], history: toHistory(id), alerts: [toAlert(id)] });
    const { alerts, rows } = await commit(made);
    const { etag, ...record } = await readStored();
    expect(record).toStrictEqual(made.registry);
    expect(etag).toBeTruthy();
    expect(await current().findings.readFindings(id)).toStrictEqual([toFinding()]);
    expect(alerts).toStrictEqual([{ ...toAlert(id), etag: expect.any(String) }]);
    expect(rows).toBe(5);
  });

  it('keeps every optional property', async () => {
    const registry = toRecord(id, {
      tenantId: '11111111-aaaa-4bbb-8ccc-222222222222',
      sku: 'Premium',
      createdAt: '2026-01-01T00:00:00.123Z',
      keyHolderId: '/subscriptions/x/vault',
      keyUri: 'https://v.vault.azure.net/keys/k',
    });
    const finding = toFinding({ unknownSince: later });
    await commit(toCommit(id, { registry, findings: [finding] }));
    const { etag: _, ...record } = await readStored();
    expect(record).toStrictEqual(registry);
    expect(await current().findings.readFindings(id)).toStrictEqual([finding]);
  });

  it('gives the version that it wrote, by which the next commit can follow at once', async () => {
    const first = await commit(toCommit(id));
    expect(first.etag).toBe((await readStored()).etag);
    const second = await commit(toCommit(id, { etag: first.etag, registry: toRecord(id, { revision: 2 }) }));
    expect(second.etag).toBe((await readStored()).etag);
    expect(second.etag).not.toBe(first.etag);
    expect(await current().findings.commit(toCommit(id, { etag: first.etag }))).toEqual({
      state: 'lostRace',
    });
  });

  it('replaces what was there, guarded by the version read, even when a stored registry is written back', async () => {
    await commit(
      toCommit(id, {
        registry: toRecord(id, { sku: 'Basic' }),
        findings: [toFinding({ unknownSince: later })],
      }),
    );
    const { sku: _, ...stored } = await readStored();
    const registry = { ...stored, revision: 2, digest: 'digest-2' };
    await commit({ etag: stored.etag, registry, findings: [toFinding({ status: 'resolved' })], alerts: [] });
    const { etag, ...record } = await readStored();
    expect(record).toStrictEqual(toRecord(id, { revision: 2, digest: 'digest-2' }));
    expect(etag).not.toBe(stored.etag);
    expect(await current().findings.readFindings(id)).toStrictEqual([toFinding({ status: 'resolved' })]);
  });

  it('loses the race of a first commit over a row that is there, and writes nothing', async () => {
    await commit(toCommit(id));
    const late = toCommit(id, { findings: [toFinding()], alerts: [toAlert(id)], history: toHistory(id) });
    expect(await current().findings.commit(late)).toEqual({ state: 'lostRace' });
    expect(await current().findings.readFindings(id)).toEqual([]);
    expect(await current().alerts.count()).toEqual({ pending: 0, dead: 0 });
    expect((await current().queries.history(id, { limit: 10 })).items).toEqual([]);
  });

  it('loses the race with an old version, although nothing else changed', async () => {
    await commit(toCommit(id));
    const { etag } = await readStored();
    await commit(toCommit(id, { etag }));
    const late = toCommit(id, { etag, findings: [toFinding()] });
    expect(await current().findings.commit(late)).toEqual({ state: 'lostRace' });
    expect(await current().findings.readFindings(id)).toEqual([]);
  });

  it('loses the race over a row that is gone', async () => {
    await commit(toCommit(registryAt(2)));
    const other = await current().findings.readRegistry(registryAt(2));
    const made = toCommit(id, { etag: other?.etag ?? '' });
    expect(await current().findings.commit(made)).toEqual({ state: 'lostRace' });
  });

  it.each([
    ['first', false],
    ['guarded', true],
  ])('lets exactly one of many %s commits at once win', async (_, isGuarded) => {
    if (isGuarded) await commit(toCommit(id));
    const etag = isGuarded ? { etag: (await readStored()).etag } : {};
    const commits = Array.from({ length: 12 }, (_, index) =>
      current().findings.commit(
        toCommit(id, {
          ...etag,
          registry: toRecord(id, { digest: `digest-${index}` }),
          findings: [toFinding({ reason: `reason_${index}` })],
          alerts: [toAlert(id, { id: `msg_${index}` })],
        }),
      ),
    );
    const results = await Promise.all(commits);
    const winner = results.findIndex(({ state }) => state === 'committed');
    expect(results.filter(({ state }) => state === 'committed')).toHaveLength(1);
    expect((await readStored()).digest).toBe(`digest-${winner}`);
    expect(await current().findings.readFindings(id)).toEqual([toFinding({ reason: `reason_${winner}` })]);
    expect(await current().alerts.count()).toEqual({ pending: 1, dead: 0 });
  });

  it('finds a registry in any casing and keeps its id as Azure wrote it', async () => {
    const mixed = toId(id.id.replace('rg-one', 'RG-One').replace('acrone', 'AcrOne'));
    await commit(toCommit(mixed, { findings: [toFinding()] }));
    expect((await readStored()).registryId).toBe(mixed.id);
    expect(await current().findings.readFindings(id)).toHaveLength(1);
    const late = await current().findings.commit(toCommit(id));
    expect(late).toEqual({ state: 'lostRace' });
  });

  it.each(['a-b_c(1).d', 'Größe-ñ', '研究開発', 'rg.', "o'brien"])(
    'keeps registries of resource group %s',
    async (resourceGroup) => {
      const odd = registryAt(3, 'acrodd', resourceGroup);
      const made = toCommit(odd, {
        findings: [toFinding()],
        history: toHistory(odd),
        alerts: [toAlert(odd)],
      });
      await commit(made);
      const stored = await current().findings.readRegistry(odd);
      expect(stored).toMatchObject({ resourceGroup, registryId: odd.id });
      expect(await current().findings.readFindings(odd)).toHaveLength(1);
      expect((await current().queries.history(odd, { limit: 1 })).items).toHaveLength(1);
      await commit({ ...made, etag: stored?.etag ?? '' });
    },
  );

  it('does not mix up registries whose names start alike', async () => {
    await commit(toCommit(registryAt(1, 'acr1'), { findings: [toFinding()] }));
    await commit(toCommit(registryAt(1, 'acr'), { findings: [toFinding({ rule: 'kv_missing' })] }));
    expect(await current().findings.readFindings(registryAt(1, 'acr'))).toEqual([
      toFinding({ rule: 'kv_missing' }),
    ]);
  });

  it('lists marks of all partitions, and of a range that holds the given registries', async () => {
    const ids = Array.from({ length: 32 }, (_, index) => registryAt(index % 16, `acr${index}`));
    await Promise.all(ids.map((each) => commit(toCommit(each))));
    const marks = await Array.fromAsync(current().findings.listMarks());
    expect(marks.map(({ registryId }) => registryId).sort()).toEqual(ids.map((each) => each.id).sort());
    expect(marks[0]).toStrictEqual({
      registryId: expect.any(String),
      etag: expect.any(String),
      state: 'present',
      digest: 'digest-1',
      assessedAt: expect.any(String),
    });
    const only = [
      registryAt(4, 'acr4'),
      registryAt(4, 'acr20'),
      registryAt(9, 'acr9'),
      registryAt(9, 'nope'),
    ];
    const some = await Array.fromAsync(current().findings.listMarks(only));
    const found = some.map(({ registryId }) => registryId);
    expect(found).toEqual(expect.arrayContaining(only.slice(0, 3).map((each) => each.id)));
    expect(found.every((each) => /\/subscriptions\/[49]/.test(each))).toBe(true);
    expect(await Array.fromAsync(current().findings.listMarks([]))).toEqual([]);
  });

  it('gives the version of a mark that a commit can be guarded by', async () => {
    await commit(toCommit(id));
    const [mark] = await Array.fromAsync(current().findings.listMarks([id]));
    await commit(toCommit(id, { etag: mark?.etag ?? '' }));
  });

  it('stops listing marks half-way', async () => {
    await Promise.all([0, 1, 2, 3].map((digit) => commit(toCommit(registryAt(digit)))));
    for await (const mark of current().findings.listMarks()) {
      expect(mark.registryId).toContain(subscriptionAt(0).slice(1));
      break;
    }
  });
}
