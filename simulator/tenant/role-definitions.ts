import { toArmKey, toExtensionsKey, toSubscriptionPart } from './arm-key.ts';
import { type ArmList, toArmList } from './arm-paging.ts';
import { builtInRoles } from './built-in-roles.ts';
import type { ExtensionFilter } from './extension-filter.ts';
import { builtInRoleBody } from './role-definition-body.ts';
import type { ScopeReach } from './scope-reach.ts';
import type { ArmBody } from './tenant-contents.ts';
import type { TenantState } from './tenant-state.ts';

const type = 'Microsoft.Authorization/roleDefinitions';
const builtIns = Object.entries(builtInRoles).map(([name, role]) => builtInRoleBody(name, role));

interface RolesContext {
  state: Pick<TenantState, 'list'>;
  reach: ScopeReach;
}

/** All roles of a tenant: the built-in ones and those of its contents, which win where they share a GUID. */
export function toRoleDefinitions(defined: ArmBody[]): ArmBody[] {
  const roles = new Map([...builtIns, ...defined].map((body) => [toGuidKey(body), body]));
  return [...roles.values()];
}

/** The scopes that a role may be assigned at, as keys; a role that does not say so, at its own. */
export function toAssignableScopes({ id, properties }: ArmBody): string[] {
  const scopes = properties?.assignableScopes;
  const own = id.replace(/\/providers\/microsoft\.authorization\/roledefinitions\/.*$/i, '');
  return (Array.isArray(scopes) ? scopes.map(String) : [own]).map(toArmKey);
}

/** The role of that GUID, as it is shown at a scope; undefined where it can't be assigned there. */
export function findRoleDefinition(guid: string, scope: string, context: RolesContext): ArmBody | undefined {
  const { keys, read } = listRoleDefinitions(scope, { atScope: false }, context);
  const key = keys.find((one) => one === guid.toLowerCase());
  return key === undefined ? undefined : read(key);
}

/** The roles that can be assigned at a scope or, unless the filter says `atScope()`, below it, by their GUIDs. */
export function listRoleDefinitions(
  scope: string,
  filter: ExtensionFilter,
  { state, reach }: RolesContext,
): ArmList {
  const { keys, read } = state.list(toExtensionsKey(type, ''));
  const roles = toRoleDefinitions(keys.map(read)).filter(
    (body) => isAssignable(body, filter, reach) && isMatching(body, filter),
  );
  const shown = roles.map((body): [string, ArmBody] => [toGuidKey(body), toShown(body, scope)]);
  return toArmList(shown.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isAssignable(body: ArmBody, { atScope }: ExtensionFilter, reach: ScopeReach): boolean {
  return toAssignableScopes(body).some((one) => reach.isAtOrAbove(one) || (!atScope && reach.isBelow(one)));
}

function isMatching({ properties }: ArmBody, { roleName, roleType }: ExtensionFilter): boolean {
  return (
    (roleName === undefined || isSame(properties?.roleName, roleName)) &&
    (roleType === undefined || isSame(properties?.type, roleType))
  );
}

function isSame(value: unknown, wanted: string): boolean {
  return String(value).toLowerCase() === wanted.toLowerCase();
}

/** Azure names a role by the subscription that it was asked for in. */
function toShown(body: ArmBody, scope: string): ArmBody {
  return {
    ...body,
    id: `${toSubscriptionPart(scope)}/providers/${type}/${body.id.slice(body.id.lastIndexOf('/') + 1)}`,
  };
}

function toGuidKey({ id }: ArmBody): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}
