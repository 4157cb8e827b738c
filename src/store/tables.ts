import { proxyPolicyName } from '@azure/core-rest-pipeline';
import { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { withoutSlashes } from '../domain/estate/scope.ts';
import { createTable, type Table } from './table.ts';

/** How to reach Table Storage: with a key or a shared access signature, or as an Entra identity. */
export type StoreConnection =
  | { connectionString: string }
  | { tableServiceUri: string; credential: TokenCredential };

/** The tables that the monitor keeps. */
export interface Tables {
  findings: Table;
  sweeps: Table;
}

const retryOptions = { maxRetries: 2, retryDelayInMs: 250, maxRetryDelayInMs: 2_000 };

/**
 * Opens the tables; no call is made before one is used.
 * `callTimeout` is how long one call may take, repeats included, in milliseconds.
 */
export function connectTables(
  connection: StoreConnection,
  { callTimeout = 10_000 }: { callTimeout?: number } = {},
): Tables {
  return {
    findings: createTable(connectClient(connection, 'findings'), callTimeout),
    sweeps: createTable(connectClient(connection, 'sweeps'), callTimeout),
  };
}

function connectClient(connection: StoreConnection, tableName: string): TableClient {
  const { protocol, hostname } = new URL(openClient(connection, tableName, false).url);
  const isLocal = isLoopback(hostname);
  if (protocol !== 'https:' && !isLocal) {
    throw new Error(
      `Table Storage at ${hostname} must be reached by HTTPS: plain HTTP is for loopback alone`,
    );
  }
  const client = openClient(connection, tableName, isLocal);
  if (isLocal) client.pipeline.removePolicy({ name: proxyPolicyName });
  return client;
}

function openClient(
  connection: StoreConnection,
  tableName: string,
  allowInsecureConnection: boolean,
): TableClient {
  const options = { retryOptions, allowInsecureConnection };
  if ('connectionString' in connection) {
    return TableClient.fromConnectionString(connection.connectionString, tableName, options);
  }
  const uri = withoutSlashes(connection.tableServiceUri);
  return new TableClient(uri, tableName, connection.credential, options);
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/i.test(hostname);
}
