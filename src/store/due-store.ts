import { odata, type TransactionAction } from '@azure/data-tables';
import pMap from 'p-map';
import type { DueAssessment, DueStore, Versioned } from '../monitor/ports/ports.ts';
import { clipText, readText, readWhole } from './columns.ts';
import { toDueKey, toPartition, toPrefixRanges, toRegistryName } from './keys.ts';
import { collectRanges, readRanges } from './read-ranges.ts';
import { pickEtag, type Row, type StoredRow, type Table } from './table.ts';

interface DueRow {
  assessment: DueAssessment;
  row: Row;
}

const batchSize = 100;
const batchesAtOnce = 8;

/** Keeps due assessments in table `findings`. */
export function createDueStore(table: Table): DueStore {
  return {
    put: (assessments) => putAll(table, assessments),
    listDue: async (now, limit) => {
      const queries = toPrefixRanges('todo|').map((range) => ({ ...range, filter: odata`due le ${now}` }));
      const rows = await collectRanges(table, queries);
      return rows.map(fromDueRow).sort(byDue).slice(0, limit);
    },
    settle: async (worked, next) => {
      if (next === 'done') await table.remove(toDueRow(worked), worked.etag);
      else await table.change(toDueRow(next), 'Replace', worked.etag);
    },
    count: () => countRows(table),
    countStuck: ({ dueBefore, tries }) => countRows(table, odata`due lt ${dueBefore} or tries ge ${tries}`),
  };
}

async function countRows(table: Table, filter?: string): Promise<number> {
  const which = { select: ['rowKey'], ...(filter ? { filter } : {}) };
  let count = 0;
  for await (const _ of readRanges(
    table,
    toPrefixRanges('todo|').map((range) => ({ ...range, ...which })),
  )) {
    count += 1;
  }
  return count;
}

async function putAll(
  table: Table,
  assessments: readonly DueAssessment[],
): Promise<Versioned<DueAssessment>[]> {
  const stored = await pMap(toBatches(assessments), (batch) => putBatch(table, batch), {
    concurrency: batchesAtOnce,
  });
  return stored.flat();
}

/** Batches of one partition each; the last of several assessments of one registry counts. */
function toBatches(assessments: readonly DueAssessment[]): DueRow[][] {
  const rows = assessments.map((assessment) => ({ assessment, row: toDueRow(assessment) }));
  const unique = new Map(rows.map((each) => [each.row.rowKey, each]));
  const byPartition = Map.groupBy(unique.values(), ({ row }) => row.partitionKey);
  return [...byPartition.values()].flatMap(toChunks);
}

function toChunks(rows: readonly DueRow[]): DueRow[][] {
  const count = Math.ceil(rows.length / batchSize);
  return Array.from({ length: count }, (_, index) => rows.slice(index * batchSize, (index + 1) * batchSize));
}

async function putBatch(table: Table, batch: readonly DueRow[]): Promise<Versioned<DueAssessment>[]> {
  const actions = batch.map(({ row }): TransactionAction => ['upsert', row, 'Replace']);
  const etags = await table.submit(actions);
  return batch.map(({ assessment }, index) => ({ ...assessment, etag: pickEtag(etags, index) }));
}

function toDueRow({ registryId, reason, due, tries }: DueAssessment): Row {
  const id = toRegistryName(registryId);
  return {
    partitionKey: toPartition(id.subscriptionId),
    rowKey: toDueKey(id),
    registryId,
    reason: clipText(reason),
    due,
    tries,
  };
}

function fromDueRow(row: StoredRow): Versioned<DueAssessment> {
  return {
    registryId: readText(row, 'registryId'),
    reason: readText(row, 'reason'),
    due: readText(row, 'due'),
    tries: readWhole(row, 'tries'),
    etag: row.etag,
  };
}

function byDue(a: Versioned<DueAssessment>, b: Versioned<DueAssessment>): number {
  return a.due < b.due ? -1 : Number(a.due > b.due);
}
