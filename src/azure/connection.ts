import type { TokenCredential } from '@azure/identity';
import { type ArmCaller, createArmCaller } from './arm/arm-call.ts';
import { createReadLimits } from './arm/read-limits.ts';

/** How Resource Manager is reached. */
export interface ConnectionOptions {
  /** Its address, no trailing slash. */
  endpoint: string;
  /** Scope of its tokens. */
  scope: string;
  /** Most requests under way at once. */
  concurrency: number;
  credential: TokenCredential;
  now(): Date;
}

/** What the clients of one Resource Manager share. */
export interface Connection {
  credential: TokenCredential;
  /** Options of each client of the SDKs. */
  options: ReturnType<typeof toClientOptions>;
  caller: ArmCaller;
}

/** Builds what the clients share: deadlines, limits and repeats. */
export function createConnection({
  endpoint,
  scope,
  concurrency,
  credential,
  now,
}: ConnectionOptions): Connection {
  const caller = createArmCaller(endpoint, { now, limits: createReadLimits({ concurrency }) });
  return { credential, caller, options: toClientOptions(endpoint, scope, caller) };
}

function toClientOptions(endpoint: string, scope: string, { policy }: ArmCaller) {
  return {
    endpoint,
    credentials: { scopes: [scope] },
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4_000 },
    additionalPolicies: [{ policy, position: 'perRetry' as const }],
  };
}
