import { odata } from '@azure/data-tables';
import { type ResourceId, toResourceKey } from '../domain/estate/resource-id.ts';
import type { Commit, CommitResult, FindingStore, RegistryMark } from '../monitor/ports/ports.ts';
import { toCommitActions } from './commit-actions.ts';
import {
  fromFindingRow,
  fromLinkRow,
  fromMarkRow,
  fromRegistryRow,
  markProperties,
  toLinkRow,
} from './finding-rows.ts';
import { type KeyRange, toPartition, toPrefixRange, toPrefixRanges, toRegistryKey } from './keys.ts';
import { collectRanges, readRanges } from './read-ranges.ts';
import { createSharedTransactions } from './shared-transactions.ts';
import { pickEtag, type Row, type Table } from './table.ts';

/** Keeps registries, findings, history and links in table `findings`. */
export function createFindingStore(table: Table): FindingStore {
  const submit = createSharedTransactions(table);
  return {
    readRegistry: async (id) => {
      const row = await table.read({
        partitionKey: toPartition(id.subscriptionId),
        rowKey: toRegistryKey(id),
      });
      return row && { ...fromRegistryRow(row), etag: row.etag };
    },
    readFindings: async (id) => {
      const range = toPrefixRange(toPartition(id.subscriptionId), `finding|${toResourceKey(id)}|`);
      return (await collectRanges(table, [range])).map(fromFindingRow);
    },
    listMarks: (only) => listMarks(table, only),
    commit: (commit) => commitAll(table, submit, commit),
    listLinks: async (hostPrefix) => {
      const ranges = toPrefixRanges(`link|${hostPrefix.toLowerCase()}`);
      return (await collectRanges(table, ranges)).map(fromLinkRow);
    },
    listLinksTo: (holderId) => listLinksBy(odata`holderKey eq ${holderId.toLowerCase()}`),
    listLinksBelow: (scope) => {
      const below = `${scope.toLowerCase()}/`;
      // The character after the slash ends the range of what starts with it.
      return listLinksBy(odata`holderKey ge ${below} and holderKey lt ${`${below.slice(0, -1)}0`}`);
    },
  };

  async function listLinksBy(filter: string) {
    const ranges = toPrefixRanges('link|').map((range) => ({ ...range, filter }));
    return (await collectRanges(table, ranges)).map(fromLinkRow);
  }
}

/** Partitions that are read at once where there may be 100,000 rows: each holds two pages. */
const sideBySide = 8;

async function* listMarks(table: Table, only?: readonly ResourceId[]): AsyncGenerator<RegistryMark> {
  const ranges = only ? toSpans(only) : toPrefixRanges('registry|');
  const queries = ranges.map((range) => ({ ...range, select: markProperties }));
  for (let start = 0; start < queries.length; start += sideBySide) {
    for await (const row of readRanges(table, queries.slice(start, start + sideBySide)))
      yield fromMarkRow(row);
  }
}

/** One range a partition, from the smallest to the largest of the given registries. */
function toSpans(ids: readonly ResourceId[]): KeyRange[] {
  const byPartition = Map.groupBy(ids, ({ subscriptionId }) => toPartition(subscriptionId));
  return [...byPartition].map(([partition, held]) => {
    const keys = held.map(toRegistryKey).sort();
    // A space sorts before all that an id may hold, so this is the first text after the last key.
    return { partition, from: keys[0] ?? '', below: `${keys.at(-1)} ` };
  });
}

/**
 * Writes a commit. A lost race can also be our own commit, when its answer was lost and it was sent again:
 * whoever assesses again then finds it done, and its alerts are pending.
 */
async function commitAll(table: Table, submit: Table['submit'], commit: Commit): Promise<CommitResult> {
  const actions = toCommitActions(commit, await findOldLink(table, commit));
  const etags = await submit(actions);
  if (!etags) return { state: 'lostRace' };
  const first = actions.length - commit.alerts.length;
  const alerts = commit.alerts.map((alert, index) => ({ ...alert, etag: pickEtag(etags, first + index) }));
  return { state: 'committed', etag: pickEtag(etags, 0), alerts, rows: actions.length };
}

/**
 * Azure fails a transaction that deletes a row that is not there, so a look decides whether to delete.
 * Only commits of this registry touch its links: one in between makes this one lose the race.
 */
async function findOldLink(table: Table, commit: Commit): Promise<Row | undefined> {
  const { registry, unlinkHost, link } = commit;
  if (!unlinkHost) return undefined;
  const old = toLinkRow(registry, { holderHost: unlinkHost });
  if (link && toLinkRow(registry, link).rowKey === old.rowKey) return undefined;
  return (await table.read(old)) && old;
}
