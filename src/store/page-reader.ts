import { InvalidCursor, type Page, type PageRequest } from '../monitor/ports/ports.ts';
import type { KeyRange } from './keys.ts';
import type { RangeQuery, RowKey, StoredRow, Table } from './table.ts';

/** What a list holds: the rows of ranges, in the order of the ranges, that match. */
export interface Listing {
  /** Apart from each other, ordered by partition and key. */
  ranges: readonly KeyRange[];
  /** As much of `matches` as Azure can tell; OData. */
  filter?: string;
  matches?: (row: StoredRow) => boolean;
}

const maxPageSize = 1_000;
const firstWaveSize = 2;
const waveSize = 16;

/** Reads a page of a list; there is a cursor only when there is a further item. */
export async function readPage<T>(
  table: Table,
  listing: Listing,
  page: PageRequest,
  toItem: (row: StoredRow) => T,
): Promise<Page<T>> {
  const rows = await readUpTo(table, toQueries(listing, page), page.limit + 1, listing.matches);
  const items = rows.slice(0, page.limit);
  const last = items.at(-1);
  const isMore = last !== undefined && rows.length > page.limit;
  return { items: items.map(toItem), ...(isMore ? { nextCursor: toCursor(last) } : {}) };
}

async function readUpTo(
  table: Table,
  queries: readonly RangeQuery[],
  limit: number,
  matches: Listing['matches'],
): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for (const wave of toWaves(queries)) {
    rows.push(...(await Promise.all(wave.map((query) => readRange(table, query, limit, matches)))).flat());
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}

/** Queries to send at once: a range that holds enough makes all after it useless, which is likely without a filter. */
function toWaves(queries: readonly RangeQuery[]): RangeQuery[][] {
  const first = queries[0]?.filter ? waveSize : firstWaveSize;
  const count = Math.ceil(Math.max(0, queries.length - first) / waveSize);
  const later = Array.from({ length: count }, (_, index) =>
    queries.slice(first + index * waveSize, first + (index + 1) * waveSize),
  );
  return [queries.slice(0, first), ...later];
}

async function readRange(
  table: Table,
  query: RangeQuery,
  limit: number,
  matches: Listing['matches'] = () => true,
): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for await (const page of table.pages(query)) {
    rows.push(...page.filter(matches));
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}

function toQueries({ ranges, filter }: Listing, { limit, cursor }: PageRequest): RangeQuery[] {
  const pageSize = Math.min(limit + 1, maxPageSize);
  const queries = ranges.map((range) => ({ ...range, pageSize, ...(filter ? { filter } : {}) }));
  if (cursor === undefined) return queries;
  const { partitionKey, rowKey } = fromCursor(cursor);
  const index = ranges.findIndex(
    ({ partition, from, below }) => partition === partitionKey && rowKey >= from && rowKey < below,
  );
  if (index < 0) throw new InvalidCursor('This list did not give out this cursor');
  return queries.slice(index).map((query, place) => (place === 0 ? { ...query, after: rowKey } : query));
}

function toCursor({ partitionKey, rowKey }: RowKey): string {
  return Buffer.from(JSON.stringify([partitionKey, rowKey])).toString('base64url');
}

function fromCursor(cursor: string): RowKey {
  const [partitionKey, rowKey] = toList(cursor);
  if (isKey(partitionKey) && isKey(rowKey)) return { partitionKey, rowKey };
  throw new InvalidCursor('This is no cursor');
}

/** Half a character can't be sent to Azure. */
function isKey(part: unknown): part is string {
  return typeof part === 'string' && part.isWellFormed();
}

function toList(cursor: string): unknown[] {
  try {
    const list: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
