import type { AlertStore, DueStore, FindingQueries, FindingStore, SweepLog } from '../monitor/ports/ports.ts';
import { createAlertStore } from './alert-store.ts';
import { createDueStore } from './due-store.ts';
import { createFindingQueries } from './finding-queries.ts';
import { createFindingStore } from './finding-store.ts';
import { createSweepLog } from './sweep-log.ts';
import { connectTables, type StoreConnection } from './tables.ts';

/** All that the monitor keeps. */
export interface TableStore {
  findings: FindingStore;
  due: DueStore;
  alerts: AlertStore;
  sweeps: SweepLog;
  queries: FindingQueries;
}

/** Keeps everything in Table Storage; `callTimeout` is how long one call may take, in milliseconds. */
export function createTableStore(
  connection: StoreConnection,
  options: { callTimeout?: number } = {},
): TableStore {
  const { findings, sweeps } = connectTables(connection, options);
  return {
    findings: createFindingStore(findings),
    due: createDueStore(findings),
    alerts: createAlertStore(findings),
    sweeps: createSweepLog(sweeps),
    queries: createFindingQueries(findings),
  };
}
