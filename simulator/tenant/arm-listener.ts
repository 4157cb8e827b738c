import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type ArmAnswer, type ArmRequest, sendAnswer } from './arm-answer.ts';
import {
  authenticationFailed,
  authorizationFailed,
  errorAnswer,
  missingApiVersion,
  requestsThrottled,
  resourceGroupNotFound,
  subscriptionNotFound,
  unknownPath,
} from './arm-errors.ts';
import { answerExtension } from './arm-extensions.ts';
import { answerPermissions, parsePermissionsPath } from './arm-permissions.ts';
import { answerPolicy } from './arm-policies.ts';
import { answerList, type ReadContext } from './arm-reads.ts';
import { findRoute } from './arm-routes.ts';
import { answerPlace } from './changes/answer-place.ts';
import { answerDescendants } from './descendants.ts';
import { parseExtensionPath } from './extension-path.ts';
import type { ManagementGroups } from './management-groups.ts';
import type { ReadBudget } from './read-budget.ts';
import type { GivenPermissions } from './tenant-contents.ts';

/** One request that was answered, or will never be. */
export interface ArmCall {
  method: string;
  path: string;
  query: Record<string, string>;
  /** Absent while there is no answer, and for ever where the connection was broken or left open */
  status?: number;
}

/** Decides the answer of a request, or leaves it to the tenant. */
export type ArmInterceptor = (request: ArmRequest) => ArmAnswer | undefined | Promise<ArmAnswer | undefined>;

/** What the listener answers from. */
export interface ArmListenerOptions extends Pick<ReadContext, 'state' | 'paging'> {
  tenantId: string;
  groups: ManagementGroups;
  /** What the caller is told of its permissions; absent: the monitor's reads, less what it may not read */
  permissions: GivenPermissions[] | undefined;
  /** Answers queries to Resource Graph */
  answerQuery(request: ArmRequest): ArmAnswer;
  /** Answers changes; undefined for what is none, or nothing that can be changed */
  answerChange(request: ArmRequest): ArmAnswer | undefined;
  /** Absent: reads are not limited */
  budget?: ReadBudget;
  /** Milliseconds before each answer */
  latency: number;
  /** Receives every request */
  calls: ArmCall[];
  intercept: ArmInterceptor;
}

/** Creates a listener that answers like Azure Resource Manager. */
export function createArmListener(
  options: ArmListenerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (incoming, response) => {
    answerIncoming(options, incoming, response).catch(() => response.destroy());
  };
}

async function answerIncoming(
  options: ArmListenerOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await toArmRequest(incoming);
  const { method, path, query } = request;
  const call: ArmCall = { method, path, query };
  options.calls.push(call);
  const answer = await decideAnswer(options, request, response);
  if ('status' in answer) call.status = answer.status;
  const requestId = randomUUID();
  response.setHeader('x-ms-request-id', requestId);
  response.setHeader('x-ms-correlation-request-id', requestId);
  await sendAnswer(response, answer, options.latency);
}

async function decideAnswer(
  options: ArmListenerOptions,
  request: ArmRequest,
  response: ServerResponse,
): Promise<ArmAnswer> {
  try {
    return (await options.intercept(request)) ?? answerRequest(options, request, response);
  } catch (cause) {
    return errorAnswer(500, 'InternalServerError', String(cause));
  }
}

async function toArmRequest(incoming: IncomingMessage): Promise<ArmRequest> {
  const url = new URL(incoming.url ?? '/', 'https://localhost');
  const sent = await text(incoming);
  return {
    method: incoming.method ?? 'GET',
    path: decodePath(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers: incoming.headers,
    body: parseBody(sent),
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function parseBody(sent: string): unknown {
  try {
    return sent === '' ? undefined : JSON.parse(sent);
  } catch {
    return undefined;
  }
}

function answerRequest(
  options: ArmListenerOptions,
  request: ArmRequest,
  response: ServerResponse,
): ArmAnswer {
  if (!/^Bearer \S+/i.test(request.headers.authorization ?? ''))
    return authenticationFailed(options.tenantId);
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(request.path) ?? [];
  const throttled = options.budget && takeRead(options.budget, subscriptionId, response);
  if (throttled) return throttled;
  if (!request.query['api-version']) return missingApiVersion();
  return (
    options.answerChange(request) ??
    answerPlace(options.state, request) ??
    answerAtScope(options, request) ??
    answerBelow(options, request, subscriptionId)
  );
}

/** Answers what is asked for by any scope. */
function answerAtScope(
  { state, groups, paging, permissions }: ArmListenerOptions,
  request: ArmRequest,
): ArmAnswer | undefined {
  if (request.method !== 'GET') return undefined;
  const context = { state, groups, request, paging };
  const extension = parseExtensionPath(request.path);
  if (extension) return answerExtension(extension, context);
  const scope = parsePermissionsPath(request.path);
  return scope === undefined ? undefined : answerPermissions(scope, { ...context, permissions });
}

function answerBelow(
  options: ArmListenerOptions,
  request: ArmRequest,
  subscriptionId: string | undefined,
): ArmAnswer {
  return subscriptionId
    ? answerBelowSubscription(options, request, subscriptionId)
    : answerTenantLevel(options, request);
}

function takeRead(
  budget: ReadBudget,
  subscriptionId: string | undefined,
  response: ServerResponse,
): ArmAnswer | undefined {
  const taken = budget.take(subscriptionId?.toLowerCase() ?? 'tenant');
  const remaining = String(taken.isAllowed ? taken.remaining : 0);
  const level = subscriptionId ? 'subscription-global' : 'tenant';
  response.setHeader(`x-ms-ratelimit-remaining-${level}-reads`, remaining);
  return taken.isAllowed ? undefined : requestsThrottled(subscriptionId ?? 'tenant', taken.retryAfter);
}

const queries = /^\/providers\/microsoft\.resourcegraph\/resources\/?$/i;
const policies = /^\/providers\/microsoft\.authorization\/policydefinitions\/([^/]+)\/?$/i;
const descendants = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)\/descendants\/?$/i;

function answerTenantLevel(options: ArmListenerOptions, request: ArmRequest): ArmAnswer {
  const { state, paging, tenantId, groups } = options;
  const { method, path } = request;
  if (method === 'POST' && queries.test(path)) return options.answerQuery(request);
  if (method !== 'GET') return unknownPath(path);
  if (/^\/subscriptions\/?$/i.test(path)) return answerList({ state, request, paging, parts: {} });
  if (/^\/tenants\/?$/i.test(path)) return toTenants(tenantId);
  const [, policy] = policies.exec(path) ?? [];
  if (policy) return answerPolicy(policy, { state, request });
  const [, group] = descendants.exec(path) ?? [];
  return group ? answerDescendants(group, { state, groups, request, paging }) : unknownPath(path);
}

function toTenants(tenantId: string): ArmAnswer {
  const tenant = {
    id: `/tenants/${tenantId}`,
    tenantId,
    tenantCategory: 'Home',
    displayName: 'Simulated tenant',
  };
  return { kind: 'json', status: 200, body: { value: [tenant] } };
}

function answerBelowSubscription(
  { state, paging }: ArmListenerOptions,
  request: ArmRequest,
  subscriptionId: string,
): ArmAnswer {
  const match = findRoute(request);
  if (!match) return unknownPath(request.path);
  const { route, parts } = match;
  if (!state.hasSubscription(subscriptionId)) return subscriptionNotFound(subscriptionId);
  const scope = toScope(request.path, parts);
  if (route.action && !state.isReadable(scope, route.action)) return authorizationFailed(route.action, scope);
  if (parts.group && !state.hasGroup(request.path)) return resourceGroupNotFound(parts.group);
  return route.answer({ state, request, parts, paging });
}

/** Lists are read at their subscription or group, a resource at its own id. */
function toScope(path: string, parts: Record<string, string>): string {
  if (parts.name || !parts.subscription) return path;
  return path.replace(/\/providers\/.*$/i, '');
}
