import { createHash } from 'node:crypto';
import type { ArmAnswer, ArmRequest } from '../arm-answer.ts';
import type { ManagementGroups } from '../management-groups.ts';
import type { TenantState } from '../tenant-state.ts';
import type { GraphBehaviour } from './graph-behaviour.ts';
import { accessDenied, invalidQuery, payloadTooLarge, rateLimited } from './graph-errors.ts';
import { type GraphPage, toGraphPage } from './graph-page.ts';
import type { GraphQuota, QuotaTaken } from './graph-quota.ts';
import { type GraphRequest, parseGraphRequest } from './graph-request.ts';
import { type GraphScope, toGraphScope } from './graph-scope.ts';
import { tableColumns, toTableRows } from './graph-tables.ts';
import { fromSkipToken, type GraphPosition } from './graph-token.ts';
import { type GraphQuery, parseQuery } from './parse-query.ts';
import { QueryFault } from './query-fault.ts';
import { createRecentValues } from './recent-values.ts';
import { type QueryResult, type RowSource, runQuery } from './run-query.ts';

/** What the simulated Resource Graph answers from. */
export interface ResourceGraphOptions {
  tenantId: string;
  state: TenantState;
  groups: ManagementGroups;
  /** Read anew for every query */
  behaviour: GraphBehaviour;
  quota: GraphQuota;
  /** In milliseconds */
  now(): number;
}

const answerLimit = 16 * 1024 * 1024;

/** Creates a function that answers queries as Resource Graph does, by running them. */
export function createResourceGraph(options: ResourceGraphOptions): (request: ArmRequest) => ArmAnswer {
  const { behaviour, quota } = options;
  const recentTables = createRecentValues<RowSource[]>(3);
  const recentResults = createRecentValues<QueryResult>(8);

  function answer(body: unknown): ArmAnswer {
    if (behaviour.forbidden) return accessDenied();
    const request = parseGraphRequest(body);
    const query = parseQuery(request.query, tableColumns);
    const scope = toGraphScope(request, options.state, options.groups);
    if (!scope) return accessDenied();
    const queryHash = toHash(request.query, request.subscriptions, request.managementGroups);
    const position = toPosition(request, queryHash);
    const result = toResult(request, query, scope, position);
    const page = toGraphPage({
      query,
      queryHash,
      result,
      position,
      options: request.options ?? {},
      behaviour,
    });
    return toAnswer(page, scope, behaviour);
  }

  function toResult(
    request: GraphRequest,
    query: GraphQuery,
    scope: GraphScope,
    position: GraphPosition,
  ): QueryResult {
    const { tenantId, state, groups, now } = options;
    const { delay = 0 } = behaviour;
    const snapshot = state.asOf(now() - delay);
    const filter = request.options?.authorizationScopeFilter ?? 'AtScopeAndBelow';
    const named = [...scope.named].join();
    const { leftOutColumns, leftOutFor, identityIdsLeftOut } = behaviour;
    const left = [leftOutColumns, leftOutFor, identityIdsLeftOut];
    const table = toHash(query.table, named, snapshot.version, filter, left);
    const isTurned = position.page > 0;
    return recentResults.get(toHash(table, request.query, isTurned), () => {
      const leftOut = toLeftOut(behaviour);
      const context = { tenantId, state, snapshot, groups, scope, filter, leftOut };
      const rows = recentTables.get(table, () => toTableRows(query.table, context));
      // Without an order that is total, a page shows rows in another order than its predecessor did.
      return runQuery(query, isTurned ? rows.toReversed() : rows);
    });
  }

  return ({ body }) => {
    const startedAt = performance.now();
    const taken = quota.take();
    const answered = taken.isAllowed ? answerOrRefuse(() => answer(body)) : rateLimited(taken.resetsAfter);
    return withHeaders(answered, toHeaders(taken, performance.now() - startedAt));
  };
}

const identityIds = [
  'identity.principalId',
  'identity.userAssignedIdentities.*.clientId',
  'identity.userAssignedIdentities.*.principalId',
];

function toLeftOut(behaviour: GraphBehaviour): (id: string) => string[] {
  const { leftOutColumns = [], leftOutFor = {}, identityIdsLeftOut } = behaviour;
  const byId = new Map(Object.entries(leftOutFor).map(([id, paths]) => [id.toLowerCase(), paths]));
  const ofRegistries = identityIdsLeftOut ? identityIds : [];
  if (byId.size + ofRegistries.length === 0) return () => leftOutColumns;
  return (id) => [
    ...leftOutColumns,
    ...(byId.get(id.toLowerCase()) ?? []),
    ...(/\/registries\/[^/]+$/i.test(id) ? ofRegistries : []),
  ];
}

function answerOrRefuse(answer: () => ArmAnswer): ArmAnswer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof QueryFault) return invalidQuery(error.detail);
    throw error;
  }
}

function toPosition({ options }: GraphRequest, queryHash: string): GraphPosition {
  if (options?.$skipToken) return fromSkipToken(options.$skipToken, queryHash);
  return { skip: options?.$skip ?? 0, page: 0, isEmpty: false };
}

function toAnswer(page: GraphPage, scope: GraphScope, behaviour: GraphBehaviour): ArmAnswer {
  const { maxRows = Number.POSITIVE_INFINITY, maxBytes = answerLimit } = behaviour;
  const text = JSON.stringify(page);
  const size = Buffer.byteLength(text);
  if (size > maxBytes || page.count > maxRows) return payloadTooLarge(size, Math.min(maxBytes, size - 1));
  return {
    kind: 'text',
    status: 200,
    headers: scope.isCut ? { 'x-ms-tenant-subscription-limit-hit': 'true' } : {},
    contentType: 'application/json; charset=utf-8',
    text,
  };
}

function toHash(...parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** `duration` is in milliseconds. */
function toHeaders({ remaining, resetsAfter }: QuotaTaken, duration: number): Record<string, string> {
  const seconds = (duration / 1000).toFixed(7).padStart(10, '0');
  return {
    'x-ms-user-quota-remaining': String(remaining),
    'x-ms-user-quota-resets-after': `00:00:${String(resetsAfter).padStart(2, '0')}`,
    'x-ms-ratelimit-remaining-tenant-resource-requests': String(remaining),
    'x-ms-resource-graph-request-duration': `0:00:00:${seconds}`,
  };
}

function withHeaders(answer: ArmAnswer, headers: Record<string, string>): ArmAnswer {
  return 'headers' in answer ? { ...answer, headers: { ...headers, ...answer.headers } } : answer;
}
