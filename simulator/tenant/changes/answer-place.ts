import type { ArmAnswer, ArmRequest } from '../arm-answer.ts';
import { resourceGroupNotFound, resourceNotFound, subscriptionNotFound } from '../arm-errors.ts';
import { toArmKey, toScopeKeys } from '../arm-key.ts';
import type { TenantState } from '../tenant-state.ts';

/** Reads what is only there for deployments: groups, registrations, functions, references to secrets, policies. */
export function answerPlace(state: TenantState, { method, path }: ArmRequest): ArmAnswer | undefined {
  if (method !== 'GET') return undefined;
  const key = toArmKey(path);
  const { subscription, group } = toScopeKeys(key);
  const id = subscription.slice('/subscriptions/'.length);
  if (!places.some((pattern) => pattern.test(key))) return undefined;
  if (id && !state.hasSubscription(id)) return subscriptionNotFound(id);
  if (group && !state.hasGroup(group)) return resourceGroupNotFound(toName(group));
  if (group === key) {
    return ok(
      state.get(path) ?? { id: path, name: toName(path), location: 'westeurope', tags: {}, properties: {} },
    );
  }
  if (group && key === `${group}/resources`) {
    return ok({ value: state.resourcesIn(group).map((one) => ({ id: state.get(one)?.id ?? one })) });
  }
  if (/\/(?:appsettings|policyassignments|policydefinitions)$/.test(key)) {
    const { keys, read } = state.list(path);
    return ok({ value: keys.map(read) });
  }
  if (/^\/subscriptions\/[^/]+\/providers\/[^/]+$/.test(key)) {
    return ok(state.get(path) ?? { id: path, namespace: toName(path), registrationState: 'NotRegistered' });
  }
  const body = state.get(path);
  return body ? ok(body) : resourceNotFound(key.split('/').slice(-2).join('/'), toName(group ?? ''));
}

const places = [
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+(?:\/resources)?$/,
  /^\/subscriptions\/[^/]+\/providers\/[^/]+$/,
  /\/microsoft\.web\/sites\/[^/]+\/(?:functions\/[^/]+|config\/configreferences\/appsettings)$/,
  /^(?:\/subscriptions\/[^/]+|\/providers\/microsoft\.management\/managementgroups\/[^/]+)\/providers\/microsoft\.authorization\/policy(?:assignments|definitions)(?:\/[^/]+)?$/,
];

function ok(body: unknown): ArmAnswer {
  return { kind: 'json', status: 200, body };
}

function toName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
