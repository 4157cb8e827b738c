import { odata } from '@azure/data-tables';
import { parseRegistryId, type ResourceId, toResourceKey } from '../domain/estate/resource-id.ts';
import type { FindingFilter } from '../monitor/ports/ports.ts';
import { type KeyRange, toPartition, toPrefixRange, toPrefixRanges } from './keys.ts';
import type { Listing } from './page-reader.ts';
import type { StoredRow } from './table.ts';

/** One filter: what Azure is asked, how many comparisons that costs, and the same here. */
interface Clause {
  comparisons: string[];
  cost: number;
  matches: (row: StoredRow) => boolean;
}

/** Azure takes 15 comparisons a filter, and the range needs three. */
const maxComparisons = 12;

/** Where the rows are that a filter asks for, and which of them. */
export function toFindingListing(filter: FindingFilter): Listing {
  const { ids, names } = toRegistries(filter.registry ?? []);
  const isById = ids.length > 0 && names.length === 0;
  const ranges = isById
    ? toIdRanges(ids, filter.subscription)
    : toSubscriptionRanges('finding', filter.subscription);
  const clauses = [
    toValueClause('status', filter.status),
    toValueClause('severity', filter.severity),
    toValueClause('rule', filter.rule),
    isById ? undefined : toRegistryClause(ids, names),
  ].filter((clause) => clause !== undefined);
  return {
    ranges,
    ...toServerFilter(clauses),
    matches: (row) => clauses.every((clause) => clause.matches(row)),
  };
}

/** Rows of one kind: of the given subscriptions, or of all when none is given. */
export function toSubscriptionRanges(kind: string, subscriptions: readonly string[] = []): KeyRange[] {
  if (subscriptions.length === 0) return toPrefixRanges(`${kind}|`);
  const unique = new Set(subscriptions.map((id) => id.toLowerCase()));
  return [...unique].map((id) => toPrefixRange(toPartition(id), `${kind}|${id}|`)).sort(byPlace);
}

function toIdRanges(ids: readonly ResourceId[], subscriptions: readonly string[] = []): KeyRange[] {
  const wanted = new Set(subscriptions.map((id) => id.toLowerCase()));
  const seen = ids.filter(
    ({ subscriptionId }) => wanted.size === 0 || wanted.has(subscriptionId.toLowerCase()),
  );
  const unique = new Map(seen.map((id) => [toResourceKey(id), id]));
  return [...unique]
    .map(([key, { subscriptionId }]) => toPrefixRange(toPartition(subscriptionId), `finding|${key}|`))
    .sort(byPlace);
}

function byPlace(a: KeyRange, b: KeyRange): number {
  const [one, other] = [a.partition + a.from, b.partition + b.from];
  return one < other ? -1 : Number(one > other);
}

function toRegistries(values: readonly string[]): { ids: ResourceId[]; names: string[] } {
  const parsed = values.map((value) => ({ value, id: parseRegistryId(value) }));
  return {
    ids: parsed.flatMap(({ id }) => id ?? []),
    names: parsed.filter(({ id }) => !id).map(({ value }) => value.toLowerCase()),
  };
}

function toValueClause(property: string, values: readonly string[] = []): Clause | undefined {
  if (values.length === 0) return undefined;
  const unique = new Set(values);
  return {
    comparisons: [...unique].map((value) => odata`${property} eq ${value}`),
    cost: unique.size,
    matches: (row) => unique.has(String(row[property])),
  };
}

function toRegistryClause(ids: readonly ResourceId[], names: readonly string[]): Clause | undefined {
  if (names.length === 0) return undefined;
  const unique = new Set(names);
  const prefixes = [...new Set(ids.map((id) => `finding|${toResourceKey(id)}|`))];
  return {
    comparisons: [
      ...[...unique].map((name) => odata`nameKey eq ${name}`),
      ...prefixes.map((prefix) => {
        const { from, below } = toPrefixRange('', prefix);
        return odata`(RowKey ge ${from} and RowKey lt ${below})`;
      }),
    ],
    cost: unique.size + 2 * prefixes.length,
    matches: (row) =>
      unique.has(String(row.nameKey)) || prefixes.some((prefix) => row.rowKey.startsWith(prefix)),
  };
}

/** As many filters as Azure takes; what is left over is only looked at here. */
function toServerFilter(clauses: readonly Clause[]): { filter?: string } {
  let left = maxComparisons;
  const taken: string[] = [];
  for (const { comparisons, cost } of clauses) {
    if (cost > left) continue;
    left -= cost;
    taken.push(`(${comparisons.join(' or ')})`);
  }
  return taken.length > 0 ? { filter: taken.join(' and ') } : {};
}
