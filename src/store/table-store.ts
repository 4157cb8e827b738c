import type { Store } from '../monitor/ports/ports.ts';
import { createAlertStore } from './alert-store.ts';
import { createDueStore } from './due-store.ts';
import { createFindingQueries } from './finding-queries.ts';
import { createFindingStore } from './finding-store.ts';
import { createSweepStore } from './sweep-store.ts';
import { connectTables, type StoreConnection } from './tables.ts';

/** Keeps everything in Table Storage; `callTimeout` is how long one call may take, in milliseconds. */
export function createTableStore(connection: StoreConnection, options: { callTimeout?: number } = {}): Store {
  const { findings, sweeps } = connectTables(connection, options);
  return {
    findings: createFindingStore(findings),
    due: createDueStore(findings),
    alerts: createAlertStore(findings),
    sweeps: createSweepStore(sweeps),
    queries: createFindingQueries(findings),
  };
}
