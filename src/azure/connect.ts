import { createResourceGraph } from '@azure/arm-resourcegraph/api';
import type { TokenCredential } from '@azure/identity';
import type { CloudName } from '../domain/key-identifier.ts';
import type { AzureReader, Inventory } from '../monitor/ports.ts';
import { type ArmCaller, createArmCaller } from './arm-call.ts';
import { createArmReader } from './arm-reader.ts';
import { createGraphInventory } from './graph-inventory.ts';
import { createGraphPages } from './graph-pages.ts';
import { createReadLimits } from './read-limits.ts';

/** How Azure is reached. */
export interface AzureOptions {
  /** Address of Resource Manager, no trailing slash. */
  endpoint: string;
  /** Scope of its tokens. */
  scope: string;
  cloud: CloudName;
  /** Most requests under way at once. */
  concurrency: number;
  credential: TokenCredential;
  now(): Date;
}

/** What the clients of one Resource Manager share. */
export interface Connection {
  credential: TokenCredential;
  options: ReturnType<typeof toClientOptions>;
  caller: ArmCaller;
}

/** Connects the readers of Resource Manager and Resource Graph, which share limits and deadlines. */
export function connectAzure({ endpoint, scope, cloud, concurrency, credential, now }: AzureOptions): {
  azure: AzureReader;
  graph: Inventory;
} {
  const caller = createArmCaller(endpoint, { now, limits: createReadLimits({ concurrency }) });
  const options = toClientOptions(endpoint, scope, caller);
  const ask = createGraphPages(createResourceGraph(credential, '', options), caller);
  return {
    azure: createArmReader({ credential, options, caller }),
    graph: createGraphInventory(ask, cloud),
  };
}

function toClientOptions(endpoint: string, scope: string, { policy }: ArmCaller) {
  return {
    endpoint,
    credentials: { scopes: [scope] },
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4_000 },
    additionalPolicies: [{ policy, position: 'perRetry' as const }],
  };
}
