import { type ManagementGroups, toManagementGroupId } from '../management-groups.ts';
import type { ArmBody } from '../tenant-contents.ts';
import { toAuthorizationRows } from './authorization-rows.ts';
import { resourceColumns, toRowSource } from './graph-row.ts';
import type { RowSource } from './run-query.ts';
import { type TableContext, toRows, toTenants } from './table-rows.ts';

const resourceTypes = [
  'Microsoft.ContainerRegistry/registries',
  'Microsoft.KeyVault/vaults',
  'Microsoft.KeyVault/managedHSMs',
  'Microsoft.ManagedIdentity/userAssignedIdentities',
];

const tables: Record<string, (context: TableContext) => RowSource[]> = {
  resources: toResources,
  resourcecontainers: toContainers,
  authorizationresources: toAuthorizationRows,
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
