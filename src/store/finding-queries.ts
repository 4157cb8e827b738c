import { toResourceKey } from '../domain/estate/resource-id.ts';
import { hasOutcome } from '../domain/record/verdict.ts';
import type { FindingQueries } from '../monitor/ports/ports.ts';
import { toFindingListing, toSubscriptionRanges } from './finding-listing.ts';
import { fromHistoryRow, fromRegistryFindingRow, fromRegistryRow } from './finding-rows.ts';
import { toPartition, toPrefixRange } from './keys.ts';
import { readPage } from './page-reader.ts';
import type { StoredRow, Table } from './table.ts';

/** Answers questions from table `findings`; lists are ordered by partition and key. */
export function createFindingQueries(table: Table): FindingQueries {
  return {
    findings: (filter, page) => readPage(table, toFindingListing(filter), page, fromRegistryFindingRow),
    registries: ({ subscription, outcome }, page) => {
      const ranges = toSubscriptionRanges('registry', subscription);
      const matches = outcome && ((row: StoredRow) => hasOutcome(fromRegistryRow(row).verdicts, outcome));
      return readPage(table, { ranges, ...(matches ? { matches } : {}) }, page, fromRegistryRow);
    },
    history: (id, page) => {
      const range = toPrefixRange(toPartition(id.subscriptionId), `history|${toResourceKey(id)}|`);
      return readPage(table, { ranges: [range] }, page, fromHistoryRow);
    },
  };
}
