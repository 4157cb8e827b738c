import { randomUUID } from 'node:crypto';
import { odata } from '@azure/data-tables';
import pMap from 'p-map';
import { toPresent } from '../domain/estate/present.ts';
import type { SubscriptionRecord, SweepException, SweepRecord, SweepStore } from '../monitor/ports/ports.ts';
import { clipText, readOptionalText, readText, readWhole } from './columns.ts';
import { invertTime, toPrefixRange } from './keys.ts';
import { readPage } from './page-reader.ts';
import { collectRanges } from './read-ranges.ts';
import type { Row, StoredRow, Table } from './table.ts';

const batchSize = 100;

/** All keys of a partition: they start with a digit or a letter. */
const allKeys = { from: '0', below: '~' };

const followUpKey = { partitionKey: 'run', rowKey: 'followUp' };

/**
 * Keeps what sweeps did in table `sweeps`.
 * Partition `sweep`: key is the inverted start and the sweep's id.
 * Partition `subscription`: key is the subscription's id, lower case.
 * Partition `exception`: key is the inverted start of the sweep, its id, and a random id.
 * Partition `run`: when following up last began.
 */
export function createSweepStore(table: Table): SweepStore {
  return {
    put: (record) => table.put(toSweepRow(record)),
    addExceptions: (sweep, exceptions) => addExceptions(table, exceptions, toExceptionPrefix(sweep)),
    listExceptions: (sweep, page) =>
      readPage(
        table,
        { ranges: [toPrefixRange('exception', toExceptionPrefix(sweep))] },
        page,
        fromExceptionRow,
      ),
    listSubscriptions: async () => {
      const rows = await collectRanges(table, [{ partition: 'subscription', ...allKeys }]);
      return rows.map(fromSubscriptionRow);
    },
    putSubscription: (record) =>
      table.put({
        partitionKey: 'subscription',
        rowKey: record.subscriptionId.toLowerCase(),
        ...record,
      }),
    listCoverage: (states, page) =>
      readPage(
        table,
        {
          ranges: [{ partition: 'subscription', ...allKeys }],
          ...(states.length > 0
            ? { filter: states.map((state) => odata`state eq ${state}`).join(' or ') }
            : {}),
        },
        page,
        fromSubscriptionRow,
      ),
    listSweeps: (page) =>
      readPage(table, { ranges: [{ partition: 'sweep', ...allKeys }] }, page, fromSweepRow),
    noteFollowUp: (at) => table.put({ ...followUpKey, at }),
    readFollowedUp: async () => {
      const row = await table.read(followUpKey);
      return row && readText(row, 'at');
    },
  };
}

async function addExceptions(
  table: Table,
  exceptions: readonly SweepException[],
  prefix: string,
): Promise<void> {
  const rows = exceptions.map((exception) => toExceptionRow(exception, prefix));
  const starts = Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, index) => index * batchSize);
  await pMap(
    starts,
    (start) => table.submit(rows.slice(start, start + batchSize).map((row) => ['upsert', row, 'Replace'])),
    { concurrency: 4 },
  );
}

function toExceptionPrefix({ startedAt, sweep }: SweepRecord): string {
  return `${invertTime(startedAt)}|${sweep}|`.toLowerCase();
}

function toExceptionRow({ sweep, subscriptionId, registryId, reason }: SweepException, prefix: string): Row {
  return {
    partitionKey: 'exception',
    rowKey: `${prefix}${randomUUID()}`,
    sweep,
    subscriptionId: subscriptionId && clipText(subscriptionId),
    registryId: registryId && clipText(registryId),
    reason: clipText(reason),
  };
}

function fromExceptionRow(row: StoredRow): SweepException {
  return toPresent({
    sweep: readText(row, 'sweep'),
    subscriptionId: readOptionalText(row, 'subscriptionId'),
    registryId: readOptionalText(row, 'registryId'),
    reason: readText(row, 'reason'),
  });
}

function toSweepRow(record: SweepRecord): Row {
  return {
    partitionKey: 'sweep',
    rowKey: `${invertTime(record.startedAt)}|${record.sweep}`.toLowerCase(),
    ...record,
    interrupted: record.interrupted && 1,
  };
}

function fromSweepRow(row: StoredRow): SweepRecord {
  return toPresent({
    sweep: readText(row, 'sweep'),
    startedAt: readText(row, 'startedAt'),
    endedAt: readOptionalText(row, 'endedAt'),
    outcome: readOptionalText(row, 'outcome') as SweepRecord['outcome'],
    interrupted: row.interrupted ? (true as const) : undefined,
    inventory: readOptionalText(row, 'inventory') as SweepRecord['inventory'],
    subscriptions: readWhole(row, 'subscriptions'),
    registries: readWhole(row, 'registries'),
    assessed: readWhole(row, 'assessed'),
    changed: readWhole(row, 'changed'),
    unconfirmed: readWhole(row, 'unconfirmed'),
    withoutEvents: row.withoutEvents === undefined ? undefined : readWhole(row, 'withoutEvents'),
    calls: readWhole(row, 'calls'),
    rowsWritten: readWhole(row, 'rowsWritten'),
  });
}

function fromSubscriptionRow(row: StoredRow): SubscriptionRecord {
  return toPresent({
    subscriptionId: readText(row, 'subscriptionId'),
    subscriptionName: readOptionalText(row, 'subscriptionName'),
    state: readText<SubscriptionRecord['state']>(row, 'state'),
    since: readText(row, 'since'),
    firstSeen: readText(row, 'firstSeen'),
    events: readOptionalText(row, 'events') as SubscriptionRecord['events'],
    eventsCheckedAt: readOptionalText(row, 'eventsCheckedAt'),
  });
}
