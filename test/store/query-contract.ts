import { beforeEach, expect, it } from 'vitest';
import type { ResourceId } from '../../src/domain/estate/resource-id.ts';
import {
  type FindingFilter,
  InvalidCursor,
  type Page,
  type PageRequest,
  type RegistryFinding,
} from '../../src/monitor/ports/ports.ts';
import type { CurrentStore } from './contract.ts';
import { registryAt, subscriptionAt, toCommit, toFinding, toHistory, toRecord } from './samples.ts';

const rules = ['acr_nocmk', 'kv_missing', 'kv_nosoftdelete'] as const;

/** Lists of findings, registries and history. */
export function queryContract(current: CurrentStore): void {
  const ids = [registryAt(0, 'AcrA'), registryAt(0, 'acrb'), registryAt(7, 'acra'), registryAt(15, 'acrc')];

  beforeEach(async () => {
    for (const [index, id] of ids.entries()) {
      const findings = rules.map((rule) =>
        toFinding({
          rule,
          severity: rule === 'kv_missing' ? 'critical' : 'high',
          status: index === 0 ? 'resolved' : 'open',
        }),
      );
      await current().findings.commit(toCommit(id, { findings }));
    }
  });

  function toKey({ registryId, rule }: RegistryFinding): string {
    return `${registryId} ${rule}`;
  }

  async function readAll<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
    const items: T[] = [];
    let page: Page<T> = await list({ limit });
    items.push(...page.items);
    while (page.nextCursor !== undefined) {
      expect(page.items).toHaveLength(limit);
      page = await list({ limit, cursor: page.nextCursor });
      expect(page.items.length).toBeGreaterThan(0);
      items.push(...page.items);
    }
    return items;
  }

  async function find(filter: FindingFilter, limit = 100): Promise<string[]> {
    const found = await readAll((page) => current().queries.findings(filter, page), limit);
    return found.map(toKey);
  }

  function keysOf(of: readonly ResourceId[], which: readonly string[] = rules): string[] {
    return of.flatMap((id) => which.map((rule) => `${id.id} ${rule}`));
  }

  it('lists all in a stable order, whatever the size of the pages', async () => {
    for (const limit of [1, 2, 3, 5, 11, 12, 13, 1000]) expect(await find({}, limit)).toEqual(keysOf(ids));
  });

  it('gives a finding as it was written', async () => {
    const { items } = await current().queries.findings({ rule: ['kv_missing'] }, { limit: 1 });
    const finding = toFinding({ rule: 'kv_missing', severity: 'critical', status: 'resolved' });
    expect(items).toStrictEqual([{ ...finding, registryId: ids[0]?.id }]);
  });

  it.each<[string, FindingFilter, string[]]>([
    ['status', { status: ['resolved'] }, keysOf(ids.slice(0, 1))],
    ['any of several statuses', { status: ['resolved', 'open'] }, keysOf(ids)],
    ['no status given', { status: [] }, keysOf(ids)],
    ['severity', { severity: ['critical'] }, keysOf(ids, ['kv_missing'])],
    ['rules', { rule: ['kv_missing', 'acr_nocmk'] }, keysOf(ids, ['acr_nocmk', 'kv_missing'])],
    ['subscription', { subscription: [subscriptionAt(15).toUpperCase()] }, keysOf(ids.slice(3))],
    [
      'subscriptions',
      { subscription: [subscriptionAt(15), subscriptionAt(7), subscriptionAt(15)] },
      keysOf(ids.slice(2)),
    ],
    ['name in any casing', { registry: ['aCRa'] }, keysOf(ids.filter((id) => /acra$/i.test(id.id)))],
    ['id in any casing', { registry: [registryAt(7, 'ACRA').id] }, keysOf(ids.slice(2, 3))],
    [
      'ids, twice',
      { registry: [ids[3]?.id ?? '', ids[1]?.id ?? '', ids[3]?.id ?? ''] },
      keysOf([1, 3].flatMap((i) => ids[i] ?? [])),
    ],
    ['id or name', { registry: [ids[3]?.id ?? '', 'acrb'] }, keysOf([1, 3].flatMap((i) => ids[i] ?? []))],
    ['id and subscription', { registry: [ids[3]?.id ?? ''], subscription: [subscriptionAt(0)] }, []],
    [
      'name and subscription',
      { registry: ['acra'], subscription: [subscriptionAt(7)] },
      keysOf(ids.slice(2, 3)),
    ],
    [
      'all at once',
      { status: ['open'], severity: ['critical', 'high'], rule: ['kv_missing'], registry: ['acra', 'acrb'] },
      keysOf(ids.slice(1, 3), ['kv_missing']),
    ],
    [
      'more values than Azure compares',
      { rule: [...rules, ...Array.from({ length: 40 }, (_, i) => `r${i}`)] },
      keysOf(ids),
    ],
    [
      'more names than Azure compares',
      { registry: [...Array.from({ length: 40 }, (_, i) => `nope${i}`), 'acrc'], rule: ['acr_nocmk'] },
      keysOf(ids.slice(3), ['acr_nocmk']),
    ],
    ['nothing there', { rule: ['key_weak'] }, []],
    ['a subscription that is none', { subscription: ['zebra'] }, []],
  ])('filters by %s, in pages of any size', async (_, filter, expected) => {
    for (const limit of [1, 2, 100]) expect(await find(filter, limit)).toEqual(expected);
  });

  it.each([
    "' or RowKey ne '",
    "x' or '1' eq '1",
    "acra') or (status eq 'open",
    "/subscriptions/0' or RowKey ge '",
    '%27 or 1 eq 1',
    '{}|\\"',
  ])('takes %s for a value', async (text) => {
    expect(await find({ registry: [text] })).toEqual([]);
    expect(await find({ rule: [text] })).toEqual([]);
    expect(await find({ subscription: [text] })).toEqual([]);
    expect(await find({ status: [text as 'open'] })).toEqual([]);
  });

  it('refuses a cursor that this list did not give out', async () => {
    const { queries } = current();
    const { nextCursor = '' } = await queries.registries({}, { limit: 1 });
    const odd = ['', 'x', '%', 'bnVsbA', Buffer.from('["0",1]').toString('base64url'), nextCursor];
    for (const cursor of odd) {
      await expect(queries.findings({}, { limit: 1, cursor })).rejects.toThrow(InvalidCursor);
    }
  });

  it('lists registries, and those of some subscriptions', async () => {
    const { queries } = current();
    const all = await readAll((page) => queries.registries({}, page), 3);
    expect(all).toStrictEqual(ids.map((id) => toRecord(id)));
    const some = await readAll((page) => queries.registries({ subscription: [subscriptionAt(0)] }, page), 1);
    expect(some.map(({ name }) => name)).toEqual(['AcrA', 'acrb']);
  });

  it('lists the history of one registry, newest first', async () => {
    const { findings, queries } = current();
    const id = registryAt(4);
    await findings.commit(toCommit(registryAt(4, 'acrone1'), { history: toHistory(id) }));
    for (let revision = 1; revision <= 12; revision += 1) {
      const stored = await findings.readRegistry(id);
      const history = toHistory(id, { revision, transitions: [] });
      await findings.commit(toCommit(id, { ...(stored ? { etag: stored.etag } : {}), history }));
    }
    const entries = await readAll((page) => queries.history(id, page), 5);
    expect(entries.map(({ revision }) => revision)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(entries.at(-1)).toStrictEqual(toHistory(id, { transitions: [] }));
    expect(await queries.history(registryAt(5), { limit: 5 })).toEqual({ items: [] });
  });
}
