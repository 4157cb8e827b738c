import type { ArmAnswer } from '../arm-answer.ts';
import { errorAnswer } from '../arm-errors.ts';
import { toArmKey, toExtensionsKey, toScopeKeys } from '../arm-key.ts';
import { builtInRoles } from '../built-in-roles.ts';
import { parseExtensionPath } from '../extension-path.ts';
import { toAssignableScopes } from '../role-definitions.ts';
import type { ArmBody } from '../tenant-contents.ts';
import type { TenantState } from '../tenant-state.ts';

const assignments = 'Microsoft.Authorization/roleAssignments';
const definitions = 'Microsoft.Authorization/roleDefinitions';

/** Storage Blob Data Contributor, which can be given but is of no account for keys */
const blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';

/** Why a role can't be written so; undefined where it can. */
export function refuseRole(state: TenantState, body: ArmBody): ArmAnswer | undefined {
  const guid = toName(body.id);
  const scopes = toAssignableScopes(body);
  const unknown = scopes.find((scope) => {
    const [, id] = /^\/subscriptions\/([^/]+)/.exec(scope) ?? [];
    return id !== undefined && !state.hasSubscription(id);
  });
  if (unknown !== undefined) {
    const message = `The client has permission to perform action 'Microsoft.Authorization/roleDefinitions/write' on scope '${body.id}'; however, the linked scope(s) '${unknown}' are invalid or it may not write there.`;
    return errorAnswer(403, 'LinkedAuthorizationFailed', message);
  }
  const roles = bodiesOf(state, definitions, ['']);
  const isNamed = (role: ArmBody) => role.properties?.roleName === body.properties?.roleName;
  if (roles.some((role) => isNamed(role) && toName(role.id) !== guid)) {
    const message = `A custom role with the same name '${body.properties?.roleName}' already exists in this directory.`;
    return errorAnswer(409, 'RoleDefinitionWithSameNameExists', message);
  }
  const former = roles.find((role) => toName(role.id) === guid);
  const removed = former ? toAssignableScopes(former).filter((scope) => !scopes.includes(scope)) : [];
  const isHeld = assignmentsOf(state, guid).some((one) =>
    removed.some((scope) => toArmKey(one.id).startsWith(`${scope}/`)),
  );
  return isHeld
    ? errorAnswer(
        400,
        'RoleScopeBeingRemovedContainsAssignments',
        'The assignable scope that is removed contains role assignments of this role.',
      )
    : undefined;
}

/** Why a role can't be deleted; undefined where it can. */
export function refuseRoleDeletion(state: TenantState, id: string): ArmAnswer | undefined {
  return assignmentsOf(state, toName(id)).length > 0
    ? errorAnswer(
        400,
        'RoleDefinitionHasAssignments',
        'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).',
      )
    : undefined;
}

/** Why a role can't be assigned so; undefined where it can. */
export function refuseAssignment(state: TenantState, body: ArmBody): ArmAnswer | undefined {
  const { principalId, roleDefinitionId } = body.properties ?? {};
  const guid = toName(String(roleDefinitionId));
  const former = state.get(body.id);
  if (former && (former.properties?.principalId !== principalId || roleOf(former) !== guid)) {
    const message = 'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.';
    return errorAnswer(400, 'RoleAssignmentUpdateNotPermitted', message);
  }
  const scope = scopeOf(body.id);
  const isBuiltIn = [...Object.values(builtInRoles).map((role) => role.guid), blobDataContributor].includes(
    guid,
  );
  const role = bodiesOf(state, definitions, ['']).find((one) => toName(one.id) === guid);
  const isAssignable =
    isBuiltIn ||
    (role && toAssignableScopes(role).some((one) => scope === one || scope.startsWith(`${one}/`)));
  if (!isAssignable) {
    const message = `The specified role definition with ID '${guid}' does not exist.`;
    return errorAnswer(400, 'RoleDefinitionDoesNotExist', message);
  }
  const twin = assignmentsOf(state, guid).find(
    (one) => scopeOf(one.id) === scope && one.properties?.principalId === principalId,
  );
  return twin && toName(twin.id) !== toName(body.id)
    ? errorAnswer(409, 'RoleAssignmentExists', 'The role assignment already exists.')
    : undefined;
}

function assignmentsOf(state: TenantState, guid: string): ArmBody[] {
  const everywhere = ['', ...state.subscriptionIds().map((id) => `/subscriptions/${id}`)];
  return bodiesOf(state, assignments, everywhere).filter((one) => roleOf(one) === guid);
}

function bodiesOf(
  state: TenantState,
  type: typeof assignments | typeof definitions,
  subscriptions: string[],
): ArmBody[] {
  return subscriptions.flatMap((subscription) => {
    const { keys, read } = state.list(toExtensionsKey(type, toScopeKeys(subscription).subscription));
    return keys.map(read);
  });
}

function roleOf({ properties }: ArmBody): string {
  return toName(String(properties?.roleDefinitionId));
}

function scopeOf(id: string): string {
  return parseExtensionPath(toArmKey(id))?.scope ?? '';
}

function toName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}
