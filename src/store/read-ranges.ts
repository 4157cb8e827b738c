import type { RangeQuery, StoredRow, Table } from './table.ts';

interface NextPage {
  index: number;
  reader: AsyncGenerator<StoredRow[]>;
  result: IteratorResult<StoredRow[]>;
}

/** Rows of several ranges, read side by side, as they come; each range reads one page ahead. */
export async function* readRanges(table: Table, queries: readonly RangeQuery[]): AsyncGenerator<StoredRow> {
  const readers = queries.map((query) => table.pages(query));
  const pending = new Map(readers.map((reader, index) => [index, nextPage(reader, index)]));
  while (pending.size > 0) {
    const { index, reader, result } = await Promise.race(pending.values());
    if (result.done) {
      pending.delete(index);
      continue;
    }
    pending.set(index, nextPage(reader, index));
    yield* result.value;
  }
}

/** All rows of several ranges. */
export function collectRanges(table: Table, queries: readonly RangeQuery[]): Promise<StoredRow[]> {
  return Array.fromAsync(readRanges(table, queries));
}

function nextPage(reader: AsyncGenerator<StoredRow[]>, index: number): Promise<NextPage> {
  const page = reader.next().then((result) => ({ index, reader, result }));
  // Whoever stops listening half-way must not be told of a failure by a crash.
  page.catch(() => undefined);
  return page;
}
