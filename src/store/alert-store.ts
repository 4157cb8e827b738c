import { odata } from '@azure/data-tables';
import type { Alert } from '../domain/record/alert.ts';
import type { AlertStore, Versioned } from '../monitor/ports/ports.ts';
import { fromAlertRow, toAlertRow, toAlertRowKey } from './alert-row.ts';
import { toPrefixRanges } from './keys.ts';
import { collectRanges, readRanges } from './read-ranges.ts';
import type { StoredRow, Table } from './table.ts';

/** Keeps alerts in table `findings`. */
export function createAlertStore(table: Table): AlertStore {
  return {
    add: (alert) => table.put(toAlertRow(alert)),
    listSendable: (now, sweep, passOver) => listSendable(table, now, sweep, passOver),
    lease: async (alert, { until, roundUp }) => {
      const taken = { ...alert, leasedUntil: until, ...(roundUp ? { roundUp } : {}) };
      const row = { ...toAlertRowKey(alert), leasedUntil: until, digest: taken.roundUp };
      const etag = await table.change(row, 'Merge', alert.etag);
      return etag === undefined ? undefined : { ...taken, etag };
    },
    postpone: async (alert) => {
      await table.change({ ...toAlertRow(alert), leasedUntil: undefined }, 'Replace', alert.etag);
    },
    remove: (alert) => table.remove(toAlertRowKey(alert), alert.etag),
    count: () => count(table),
  };
}

/** A lease is looked at here: how Azure compares a property that a row does not have is not documented. */
async function listSendable(
  table: Table,
  now: string,
  sweep: string | undefined,
  passOver: ((error: Error) => void) | undefined,
): Promise<Versioned<Alert>[]> {
  const isTurn = sweep === undefined ? odata`due le ${now}` : odata`sweep eq ${sweep}`;
  const filter = `status eq 'pending' and ${isTurn}`;
  const rows = await collectRanges(
    table,
    toPrefixRanges('alert|').map((range) => ({ ...range, filter })),
  );
  return rows
    .flatMap((row) => readAlert(row, passOver))
    .filter(({ leasedUntil }) => leasedUntil === undefined || leasedUntil <= now)
    .sort((a, b) => (a.due < b.due ? -1 : Number(a.due > b.due)));
}

function readAlert(row: StoredRow, passOver: ((error: Error) => void) | undefined): Versioned<Alert>[] {
  try {
    return [fromAlertRow(row)];
  } catch (error) {
    if (!passOver) throw error;
    passOver(error as Error);
    return [];
  }
}

async function count(table: Table): Promise<{ pending: number; dead: number }> {
  const counts = { pending: 0, dead: 0 };
  const queries = toPrefixRanges('alert|').map((range) => ({ ...range, select: ['status'] }));
  for await (const { status } of readRanges(table, queries)) {
    if (status === 'pending' || status === 'dead') counts[status] += 1;
  }
  return counts;
}
