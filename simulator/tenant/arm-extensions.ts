import type { ArmAnswer } from './arm-answer.ts';
import { extensionNotFound, invalidFilter, roleDefinitionNotFound } from './arm-errors.ts';
import { toArmKey, toExtensionsKey, toScopeKeys, toSubscriptionPart } from './arm-key.ts';
import { type ArmList, toArmList, toPage } from './arm-paging.ts';
import type { ReadContext } from './arm-reads.ts';
import { type ExtensionFilter, parseExtensionFilter } from './extension-filter.ts';
import { type ExtensionPath, parseExtensionPath } from './extension-path.ts';
import type { ManagementGroups } from './management-groups.ts';
import { refuseAtScope } from './refuse-at-scope.ts';
import { withScopedRole } from './role-assignment-body.ts';
import { findRoleDefinition, listRoleDefinitions } from './role-definitions.ts';
import { type ScopeReach, toScopeReach } from './scope-reach.ts';
import type { ArmBody } from './tenant-contents.ts';

/** What answers about role assignments, roles, locks, diagnostic settings and event subscriptions are made from. */
export interface ExtensionContext extends Omit<ReadContext, 'parts'> {
  groups: ManagementGroups;
}

/** Answers an extension resource, or those at, above and below a scope. */
export function answerExtension(path: ExtensionPath, context: ExtensionContext): ArmAnswer {
  const { scope, type, name } = path;
  const action = `${type}/read`;
  return (
    refuseAtScope(scope, { ...context, action, asked: name ? context.request.path : scope || '/' }) ??
    (name ? answerOne(path, name, context) : answerList(path, context))
  );
}

function answerOne(
  { scope, type }: ExtensionPath,
  name: string,
  { state, groups, request }: ExtensionContext,
): ArmAnswer {
  if (type === 'Microsoft.Authorization/roleDefinitions') {
    const role = findRoleDefinition(name, scope, { state, reach: toReach(scope, state, groups) });
    return role ? ok(role) : roleDefinitionNotFound(name);
  }
  const body = state.get(request.path);
  return body ? ok(toShown(body, scope)) : extensionNotFound(type, name);
}

function answerList(path: ExtensionPath, context: ExtensionContext): ArmAnswer {
  const { state, groups, request, paging } = context;
  const filter = parseExtensionFilter(request.query.$filter);
  if (!filter) return invalidFilter(request.query.$filter ?? '');
  const reach = toReach(path.scope, state, groups);
  switch (path.type) {
    case 'Microsoft.Authorization/roleDefinitions':
      return ok(toPage(listRoleDefinitions(path.scope, filter, { state, reach }), request, paging));
    case 'Microsoft.Insights/diagnosticSettings':
      // Azure answers them in one piece.
      return ok({ value: toBodies(listAt(path, context)) });
    case 'Microsoft.EventGrid/eventSubscriptions':
      return ok(toPage(listGlobal(path, context), request, paging));
    default:
      return ok(toPage(listAround(path, filter, { state, reach }), request, paging));
  }
}

function listAt({ scope, type }: ExtensionPath, { state }: ExtensionContext): ArmList {
  const key = toArmKey(scope);
  const { keys, read } = state.list(toExtensionsKey(type, toScopeKeys(key).subscription));
  return { keys: keys.filter((one) => toOwnScope(one) === key), read };
}

/**
 * Event subscriptions of a subscription with those of its resource groups, of a group, or of a resource.
 * Source: https://learn.microsoft.com/rest/api/eventgrid/controlplane/event-subscriptions/list-global-by-subscription
 */
function listGlobal({ scope, type }: ExtensionPath, { state }: ExtensionContext): ArmList {
  const key = toArmKey(scope);
  const { subscription } = toScopeKeys(key);
  const { keys, read } = state.list(toExtensionsKey(type, subscription));
  const isAsked = (own: string) => own === key || (key === subscription && own === toScopeKeys(own).group);
  return { keys: keys.filter((one) => isAsked(toOwnScope(one))), read };
}

function listAround(
  { scope, type }: ExtensionPath,
  filter: ExtensionFilter,
  { state, reach }: { state: ExtensionContext['state']; reach: ScopeReach },
): ArmList {
  const items = ['', ...reach.subscriptions].flatMap((subscription) => {
    const { keys, read } = state.list(toExtensionsKey(type, subscription));
    return keys
      .filter((key) => isWithin(toOwnScope(key), filter, reach))
      .map((key): [string, ArmBody] => [key, read(key)]);
  });
  const matching = items.filter(([, body]) => isOfPrincipal(body, filter));
  const shown = matching.map(([key, body]): [string, ArmBody] => [key, toShown(body, scope)]);
  return toArmList(shown.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isWithin(scope: string, { atScope }: ExtensionFilter, reach: ScopeReach): boolean {
  return reach.isAtOrAbove(scope) || (!atScope && reach.isBelow(scope));
}

function isOfPrincipal({ properties }: ArmBody, { principalId }: ExtensionFilter): boolean {
  return (
    principalId === undefined || String(properties?.principalId).toLowerCase() === principalId.toLowerCase()
  );
}

function toShown(body: ArmBody, scope: string): ArmBody {
  return withScopedRole(body, toSubscriptionPart(scope));
}

function toOwnScope(key: string): string {
  return parseExtensionPath(key)?.scope ?? '';
}

function toReach(scope: string, state: ExtensionContext['state'], groups: ManagementGroups): ScopeReach {
  const visible = state.subscriptionIds().map((id) => `/subscriptions/${id}`);
  return toScopeReach(scope, groups, visible);
}

function toBodies({ keys, read }: ArmList): ArmBody[] {
  return keys.map(read);
}

function ok(body: unknown): ArmAnswer {
  return { kind: 'json', status: 200, body };
}
