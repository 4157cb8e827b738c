import { toExtensionsKey } from '../arm-key.ts';
import { type ExtensionType, parseExtensionPath } from '../extension-path.ts';
import { toManagementGroupId } from '../management-groups.ts';
import { withScopedRole } from '../role-assignment-body.ts';
import { toAssignableScopes, toRoleDefinitions } from '../role-definitions.ts';
import type { ArmBody, LazyResource } from '../tenant-contents.ts';
import { toRowSource } from './graph-row.ts';
import type { RowSource } from './run-query.ts';
import { type TableContext, toRows, toTenants } from './table-rows.ts';

const assignments: ExtensionType = 'Microsoft.Authorization/roleAssignments';
const roles: ExtensionType = 'Microsoft.Authorization/roleDefinitions';

/** The rows of `authorizationresources`: role assignments, and the roles that can be assigned there. */
export function toAuthorizationRows(context: TableContext): RowSource[] {
  return [...toAssignmentRows(context), ...toRoleRows(context)];
}

function toAssignmentRows(context: TableContext): RowSource[] {
  const { scope, snapshot, tenantId } = context;
  const tenants = toTenants(context);
  return ['', ...scope.subscriptions].flatMap((subscriptionId) => {
    const parent = subscriptionId === '' ? '' : `/subscriptions/${subscriptionId}`;
    const members = snapshot.membersOf(toExtensionsKey(assignments, parent));
    return toRows(filterAssignments(members, parent, context), context, {
      action: `${assignments}/read`,
      origin: {
        type: assignments.toLowerCase(),
        tenantId: tenants.get(subscriptionId) ?? tenantId,
        adapt: toGraphAssignment,
      },
    });
  });
}

/** Resource Graph names roles as they lie above subscriptions, where Resource Manager names the subscription. */
function toGraphAssignment(body: ArmBody): ArmBody {
  return withScopedRole(body, '');
}

function* filterAssignments(
  members: Iterable<[string, LazyResource]>,
  subscription: string,
  { scope, filter }: TableContext,
): Iterable<[string, LazyResource]> {
  const isWhole = scope.named.has('');
  const known = toGroupKeys(scope.groups);
  for (const [key, resource] of members) {
    const at = parseExtensionPath(key)?.scope ?? '';
    const isNamed = scope.named.has(at);
    const isBelow = !isNamed && (isWhole || subscription !== '' || known.has(at));
    const isAbove = scope.above.has(at);
    const isSeen = {
      AtScopeAndBelow: isNamed || isBelow,
      AtScopeAndAbove: isNamed || isAbove,
      AtScopeExact: isNamed,
      AtScopeAboveAndBelow: isNamed || isBelow || isAbove,
    }[filter];
    if (isSeen) yield [key, resource];
  }
}

/** Whether the filter narrows roles, too, is not documented: those that can be assigned in the query's scope are shown. */
function toRoleRows(context: TableContext): RowSource[] {
  const { scope, snapshot, tenantId, state, leftOut } = context;
  const subscriptions = new Set(scope.subscriptions.map((id) => `/subscriptions/${id}`));
  const around = new Set([...scope.named, ...scope.above, ...toGroupKeys(scope.groups), '']);
  const defined = [...snapshot.membersOf(toExtensionsKey(roles, ''))].map(([, resource]) =>
    resource.toBody(),
  );
  const origin = { type: roles.toLowerCase(), tenantId };
  return toRoleDefinitions(defined).flatMap((body) => {
    const isSeen = toAssignableScopes(body).some(
      (one) => around.has(one) || subscriptions.has(one.split('/').slice(0, 3).join('/')),
    );
    if (!isSeen || !state.isReadable(body.id, `${roles}/read`)) return [];
    const id = `/providers/Microsoft.Authorization/RoleDefinitions/${body.name}`;
    return [toRowSource({ id, toBody: () => ({ ...body, id }) }, origin, leftOut)];
  });
}

function toGroupKeys(groups: TableContext['scope']['groups']): Set<string> {
  return new Set(groups.map((group) => toManagementGroupId(group).toLowerCase()));
}
