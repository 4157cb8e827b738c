import { randomUUID } from 'node:crypto';
import type { ArmAnswer, ArmRequest } from '../arm-answer.ts';
import {
  errorAnswer,
  parentResourceNotFound,
  resourceGroupNotFound,
  subscriptionNotFound,
} from '../arm-errors.ts';
import { isServableKey, toArmKey, toExtensionsKey, toScopeKeys } from '../arm-key.ts';
import { parseExtensionPath } from '../extension-path.ts';
import type { ArmBody } from '../tenant-contents.ts';
import type { TenantState } from '../tenant-state.ts';
import type { ChangeBehaviour } from './change-behaviour.ts';
import { disallowedByPolicy, notRegistered, readOnlySubscription, scopeLocked } from './change-errors.ts';
import { refuseEventSubscription, refuseTopic } from './event-changes.ts';
import { refuseAssignment, refuseRole, refuseRoleDeletion } from './role-changes.ts';

interface ChangeContext {
  state: TenantState;
  behaviour: ChangeBehaviour;
}

/** Answers whoever changes the tenant; it keeps what the real Resource Manager keeps, and refuses what that refuses. */
export function createChanges({
  state,
  behaviour,
}: ChangeContext): (request: ArmRequest) => ArmAnswer | undefined {
  const tries = new Map<string, number>();

  return function answerChange(request) {
    const { method, path } = request;
    if (method === 'POST') return answerPost(request);
    if (method !== 'PUT' && method !== 'DELETE') return undefined;
    const refused = refuseAnywhere({ state, behaviour }, request);
    if (refused) return refused;
    if (!isServableKey(toArmKey(path))) return undefined;
    return method === 'DELETE' ? remove(path) : put(request);
  };

  function answerPost({ path }: ArmRequest): ArmAnswer | undefined {
    const [, provider] = /^(\/subscriptions\/[^/]+\/providers\/[^/]+)\/register\/?$/i.exec(path) ?? [];
    if (provider) {
      state.put({ id: provider, namespace: toName(provider), registrationState: 'Registered' });
      return ok(state.get(provider));
    }
    const [, references] = /^(.+\/config\/configreferences\/appsettings)\/refresh\/?$/i.exec(path) ?? [];
    if (!references) return undefined;
    if (isStillSlow('secrets', behaviour.slowSecrets)) return ok({ value: [] });
    for (const body of toBodies(references)) {
      state.put({ ...body, properties: { ...body.properties, status: 'Resolved' } });
    }
    return ok({ value: toBodies(references) });
  }

  function toBodies(path: string): ArmBody[] {
    const { keys, read } = state.list(path);
    return keys.map(read);
  }

  /** Whether something is not known yet, as often as the tenant is told. */
  function isStillSlow(what: string, times = 0): boolean {
    const tried = tries.get(what) ?? 0;
    tries.set(what, tried + 1);
    return tried < times;
  }

  function put({ path, body }: ArmRequest): ArmAnswer {
    const wanted: ArmBody = { ...(body as object), id: path, name: toName(path) };
    const refused = refuseByType(wanted);
    if (refused) return refused;
    const former = state.get(path);
    state.put(toKept(wanted, former));
    return { kind: 'json', status: former ? 200 : 201, body: state.get(path) };
  }

  function refuseByType(wanted: ArmBody): ArmAnswer | undefined {
    const key = toArmKey(wanted.id);
    if (/\/roledefinitions\/[^/]+$/.test(key)) return refuseRole(state, wanted);
    if (/\/systemtopics\/[^/]+$/.test(key)) return refuseTopic(state, wanted);
    if (/\/systemtopics\/[^/]+\/eventsubscriptions\/[^/]+$/.test(key)) {
      const topic = key.slice(0, key.indexOf('/eventsubscriptions/'));
      return state.get(topic)
        ? refuseEventSubscription(state, wanted)
        : parentResourceNotFound('Microsoft.EventGrid/systemTopics/eventSubscriptions', topic);
    }
    if (!/\/roleassignments\/[^/]+$/.test(key)) return undefined;
    const principalId = String(wanted.properties?.principalId);
    return isStillSlow(principalId, behaviour.slowPrincipals)
      ? errorAnswer(
          400,
          'PrincipalNotFound',
          `Principal ${principalId} does not exist in the directory. Check that you have the correct principal ID.`,
        )
      : refuseAssignment(state, wanted);
  }

  function remove(path: string): ArmAnswer {
    const key = toArmKey(path);
    if (/^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/.test(key)) {
      if (!state.hasGroup(path)) return resourceGroupNotFound(toName(path));
      state.removeGroup(path);
      return { kind: 'json', status: 202, body: {} };
    }
    const refused = /\/roledefinitions\/[^/]+$/.test(key) ? refuseRoleDeletion(state, path) : undefined;
    if (refused) return refused;
    if (!state.get(path)) return { kind: 'text', status: 204, contentType: 'text/plain', text: '' };
    state.remove(path);
    return ok({});
  }
}

/** What no change gets past, whatever it is of. */
function refuseAnywhere(
  { state, behaviour }: ChangeContext,
  { method, path }: ArmRequest,
): ArmAnswer | undefined {
  const key = toArmKey(path);
  const { subscription, group } = toScopeKeys(key);
  const id = subscription.slice('/subscriptions/'.length);
  if (id && !state.hasSubscription(id)) return subscriptionNotFound(id);
  if (behaviour.disabledSubscriptions?.some((one) => one.toLowerCase() === id))
    return readOnlySubscription(id);
  const lock = locksAbove(state, key).find(
    ({ properties }) => method === 'DELETE' || properties?.level === 'ReadOnly',
  );
  if (lock) return scopeLocked(method === 'DELETE' ? 'delete' : 'write', path, lock.id);
  if (method === 'DELETE') return undefined;
  const [, type = group === key ? 'microsoft.resources/subscriptions/resourcegroups' : ''] =
    /\/providers\/([^/]+\/[^/]+)(?:\/[^/]+)*$/.exec(key) ?? [];
  const denied = behaviour.denied?.find(
    (one) => key.startsWith(`${one.scope.toLowerCase()}/`) && one.type.toLowerCase() === type,
  );
  if (denied) return disallowedByPolicy(path, denied.policy);
  if (group && group !== key && !state.hasGroup(group)) return resourceGroupNotFound(toName(group));
  if (!type.startsWith('microsoft.eventgrid/')) return undefined;
  const provider = state.get(`${subscription}/providers/Microsoft.EventGrid`);
  return provider?.registrationState === 'Registered' ? undefined : notRegistered('Microsoft.EventGrid');
}

function locksAbove(state: TenantState, key: string): ArmBody[] {
  const { subscription } = toScopeKeys(key);
  const { keys, read } = state.list(toExtensionsKey('Microsoft.Authorization/locks', subscription));
  return keys
    .filter((lock) => {
      const scope = parseExtensionPath(lock)?.scope ?? '';
      return key === scope || key.startsWith(`${scope}/`);
    })
    .map(read);
}

/** As Azure keeps it: with a state, and with an object id of each identity that it makes. */
function toKept(wanted: ArmBody, former: ArmBody | undefined): ArmBody {
  const identity = wanted.identity as { type?: string } | undefined;
  const old = former?.identity as { principalId?: string } | undefined;
  const isOwn = identity?.type?.includes('SystemAssigned');
  const extension = parseExtensionPath(wanted.id);
  const isAssignment = extension?.type === 'Microsoft.Authorization/roleAssignments';
  return {
    ...wanted,
    ...(isOwn ? { identity: { ...identity, principalId: old?.principalId ?? randomUUID() } } : {}),
    properties: {
      ...wanted.properties,
      ...(isAssignment ? { scope: extension.scope } : {}),
      ...(extension ? {} : { provisioningState: 'Succeeded' }),
    },
  };
}

function ok(body: unknown): ArmAnswer {
  return { kind: 'json', status: 200, body };
}

function toName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
