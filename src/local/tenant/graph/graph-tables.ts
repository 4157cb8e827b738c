import { type ManagementGroups, toManagementGroupId } from '../management-groups.ts';
import type { StoreSnapshot } from '../resource-store.ts';
import type { ArmBody, LazyResource } from '../tenant-contents.ts';
import type { TenantState } from '../tenant-state.ts';
import type { ScopeFilter } from './graph-request.ts';
import { type RowOrigin, resourceColumns, toRowSource } from './graph-row.ts';
import type { GraphScope } from './graph-scope.ts';
import type { RowSource } from './run-query.ts';

/** What the rows of a table are made from. */
export interface TableContext {
  tenantId: string;
  state: TenantState;
  snapshot: StoreSnapshot;
  groups: ManagementGroups;
  scope: GraphScope;
  filter: ScopeFilter;
  /** The columns, or paths below them, that the row of an id lacks */
  leftOut(id: string): string[];
}

const resourceTypes = [
  'Microsoft.ContainerRegistry/registries',
  'Microsoft.KeyVault/vaults',
  'Microsoft.KeyVault/managedHSMs',
  'Microsoft.ManagedIdentity/userAssignedIdentities',
];

const tables: Record<string, (context: TableContext) => RowSource[]> = {
  resources: toResources,
  resourcecontainers: toContainers,
  authorizationresources: toRoleAssignments,
};

/** The columns of each table, by its name in lower case. */
export const tableColumns = new Map(Object.keys(tables).map((name) => [name, resourceColumns]));

/** All rows of a table that a query may see, in no order that a client could rely on. */
export function toTableRows(table: string, context: TableContext): RowSource[] {
  return tables[table]?.(context) ?? [];
}

function toResources(context: TableContext): RowSource[] {
  const { scope, snapshot } = context;
  const tenants = toTenants(context);
  return scope.subscriptions.flatMap((subscriptionId) =>
    resourceTypes.flatMap((type) => {
      const list = `/subscriptions/${subscriptionId}/providers/${type}`.toLowerCase();
      const tenantId = tenants.get(subscriptionId) ?? context.tenantId;
      const origin = { type: type.toLowerCase(), tenantId };
      return toRows(snapshot.membersOf(list), context, { action: `${type}/read`, origin });
    }),
  );
}

function toContainers(context: TableContext): RowSource[] {
  const { scope, snapshot, groups, leftOut } = context;
  const wanted = new Set(scope.subscriptions);
  const subscriptions = [...snapshot.membersOf('/subscriptions')].flatMap(([key, resource]) => {
    const subscriptionId = key.slice('/subscriptions/'.length);
    if (!wanted.has(subscriptionId)) return [];
    const { tenantId = context.tenantId } = resource.toBody();
    const adapt = (body: ArmBody) => toSubscriptionRow(body, subscriptionId, groups);
    const type = 'microsoft.resources/subscriptions';
    const origin = { type, tenantId: String(tenantId), adapt };
    return [toRowSource(resource, origin, leftOut)];
  });
  return [...subscriptions, ...toGroupRows(context)];
}

function toSubscriptionRow(body: ArmBody, subscriptionId: string, groups: ManagementGroups): ArmBody {
  const { state, subscriptionPolicies, managedByTenants, authorizationSource } = body;
  const group = groups.groupOf(subscriptionId);
  const ancestors = group ? [group, ...groups.groupsAbove(group)] : [];
  const managementGroupAncestorsChain = ancestors.map(({ name, displayName }) => ({ name, displayName }));
  return {
    id: body.id,
    name: String(body.displayName ?? ''),
    tags: body.tags ?? null,
    properties: {
      state,
      subscriptionPolicies,
      managedByTenants,
      authorizationSource,
      managementGroupAncestorsChain,
    },
  };
}

function toGroupRows({ scope, tenantId, state, leftOut }: TableContext): RowSource[] {
  const origin = { type: 'microsoft.management/managementgroups', tenantId };
  return scope.groups.flatMap((group) => {
    const id = toManagementGroupId(group);
    if (!state.isReadable(id, 'Microsoft.Management/managementGroups/read')) return [];
    const { name, displayName, parent } = group;
    const details = parent === undefined ? {} : { parent: { id: toManagementGroupId({ name: parent }) } };
    const body = { id, name, properties: { displayName, tenantId, details } };
    return [toRowSource({ id, toBody: () => body }, origin, leftOut)];
  });
}

function toRoleAssignments(context: TableContext): RowSource[] {
  const { scope, snapshot, tenantId } = context;
  const tenants = toTenants(context);
  return ['', ...scope.subscriptions].flatMap((subscriptionId) => {
    const parent = subscriptionId === '' ? '' : `/subscriptions/${subscriptionId}`;
    const members = snapshot.membersOf(`${parent}/providers/microsoft.authorization/roleassignments`);
    return toRows(filterAssignments(members, parent, context), context, {
      action: 'Microsoft.Authorization/roleAssignments/read',
      origin: {
        type: 'microsoft.authorization/roleassignments',
        tenantId: tenants.get(subscriptionId) ?? tenantId,
      },
    });
  });
}

function* filterAssignments(
  members: Iterable<[string, LazyResource]>,
  subscription: string,
  { scope, filter }: TableContext,
): Iterable<[string, LazyResource]> {
  const isWhole = scope.named.has('');
  const known = new Set(scope.groups.map((group) => toManagementGroupId(group).toLowerCase()));
  for (const [key, resource] of members) {
    const at = key.slice(0, key.lastIndexOf('/providers/microsoft.authorization/'));
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

function toRows(
  members: Iterable<[string, LazyResource]>,
  { state, leftOut }: TableContext,
  { action, origin }: { action: string; origin: RowOrigin },
): RowSource[] {
  const rows: RowSource[] = [];
  for (const [key, resource] of members) {
    if (state.isReadable(key, action)) rows.push(toRowSource(resource, origin, leftOut));
  }
  return rows;
}

/** A subscription's own tenant: that of its customer where it is delegated by Azure Lighthouse. */
function toTenants({ snapshot }: TableContext): Map<string, string> {
  return new Map(
    Array.from(snapshot.membersOf('/subscriptions')).flatMap(([key, resource]) => {
      const { tenantId } = resource.toBody();
      const id = key.slice('/subscriptions/'.length);
      return typeof tenantId === 'string' ? [[id, tenantId] as const] : [];
    }),
  );
}
