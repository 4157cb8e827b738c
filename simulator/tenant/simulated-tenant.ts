import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type ArmCall, type ArmInterceptor, createArmListener } from './arm-listener.ts';
import { createLoopbackCertificate } from './certificate.ts';
import { createChanges } from './changes/answer-change.ts';
import type { ChangeBehaviour } from './changes/change-behaviour.ts';
import type { GraphBehaviour } from './graph/graph-behaviour.ts';
import { createGraphQuota, endlessQuota } from './graph/graph-quota.ts';
import { createResourceGraph } from './graph/resource-graph.ts';
import { createIdentityListener } from './identity-endpoint.ts';
import { createManagementGroups } from './management-groups.ts';
import { createReadBudget, type ReadBudget } from './read-budget.ts';
import type { ArmBody, TenantContents } from './tenant-contents.ts';
import { closeServer, listenOnLoopback } from './tenant-servers.ts';
import { createTenantState } from './tenant-state.ts';

/** What a running simulated tenant offers. */
export interface SimulatedTenant {
  /** Address of the simulated Resource Manager, without trailing slash */
  armEndpoint: string;
  /** Value for `IDENTITY_ENDPOINT` */
  identityEndpoint: string;
  /** Value for `IDENTITY_HEADER` */
  identityHeader: string;
  /** PEM certificate that clients have to trust */
  certificate: string;
  /** Creates or replaces a resource, by the `id` of its body. */
  put(body: ArmBody): void;
  /** Deletes a resource; a vault or Managed HSM becomes soft-deleted, and with `purge` its name becomes free. */
  remove(id: string, options?: { purge?: boolean }): void;
  get(id: string): ArmBody | undefined;
  /** How well Resource Graph does; changes count from the next query on */
  graph: GraphBehaviour;
  /** What refuses changes */
  changes: ChangeBehaviour;
  /** Every request to Resource Manager so far, in order of arrival */
  calls: ArmCall[];
  /** Lets a handler answer requests before the tenant does, or hold them; undefined leaves them to the tenant. */
  intercept(handler: ArmInterceptor | undefined): void;
  close(): Promise<void>;
}

/** How to run a simulated tenant. */
export interface SimulatedTenantOptions {
  contents: TenantContents;
  /** Milliseconds before each answer of Resource Manager (0) */
  latency?: number;
  /** Items a page (100) */
  pageSize?: number;
  /** Whether lists contain empty pages, with a nextLink in between and without one at the end (false) */
  emptyPages?: boolean;
  /** Whether reads and queries are limited as Azure limits them, or the budget that limits reads (false) */
  throttle?: boolean | ReadBudget;
  graph?: GraphBehaviour;
  /** The clock of Resource Graph's delay and quota, in milliseconds (Date.now) */
  now?: () => number;
}

const identityPath = '/msi/token';

/** Starts a server on the loopback address that answers like Azure Resource Manager, and one that hands out tokens. */
export async function startSimulatedTenant(options: SimulatedTenantOptions): Promise<SimulatedTenant> {
  const {
    contents,
    latency = 0,
    pageSize = 100,
    emptyPages = false,
    throttle = false,
    now = Date.now,
  } = options;
  const { tenantId } = contents;
  const state = createTenantState(contents, now);
  const groups = createManagementGroups(contents.managementGroups ?? []);
  const graph = { ...options.graph };
  const changes: ChangeBehaviour = {};
  const quota = throttle ? createGraphQuota(now) : endlessQuota;
  const calls: ArmCall[] = [];
  const identityHeader = randomUUID();
  const certificate = await createLoopbackCertificate();
  let interceptor: ArmInterceptor | undefined;

  const armServer = createHttpsServer(certificate);
  const identityServer = createHttpServer(
    createIdentityListener({ path: identityPath, tenantId, identityHeader }),
  );
  const armEndpoint = `https://127.0.0.1:${await listenOnLoopback(armServer)}`;
  const identityEndpoint = `http://127.0.0.1:${await listenOnLoopback(identityServer)}${identityPath}`;
  armServer.on(
    'request',
    createArmListener({
      tenantId,
      state,
      groups,
      permissions: contents.permissions,
      answerQuery: createResourceGraph({ tenantId, state, groups, behaviour: graph, quota, now }),
      answerChange: createChanges({ state, behaviour: changes }),
      paging: { pageSize, emptyPages, endpoint: armEndpoint },
      ...(throttle ? { budget: throttle === true ? createReadBudget() : throttle } : {}),
      latency,
      calls,
      intercept: (request) => interceptor?.(request),
    }),
  );

  return {
    armEndpoint,
    identityEndpoint,
    identityHeader,
    certificate: certificate.cert,
    put: state.put,
    remove: state.remove,
    get: state.get,
    graph,
    changes,
    calls,
    intercept(handler) {
      interceptor = handler;
    },
    async close() {
      await Promise.all([closeServer(armServer), closeServer(identityServer)]);
    },
  };
}
