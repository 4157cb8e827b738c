import { toSubscriptionPart } from './arm-key.ts';
import { toGuid } from './managed-identity.ts';
import type { BuiltInRole, RolePermission } from './role-permission.ts';
import type { ArmBody } from './tenant-contents.ts';

/** What a custom role's body is built from. */
export interface RoleDefinitionOptions extends Partial<RolePermission> {
  roleName: string;
  /** Ids of subscriptions, resource groups, management groups; the first one is also where the role is kept */
  assignableScopes: [string, ...string[]];
  /** GUID; absent: it follows from the role's name */
  name?: string;
}

/** Builds a custom role's body in the shape of api version 2022-04-01. */
export function roleDefinitionBody({
  roleName,
  assignableScopes,
  ...options
}: RoleDefinitionOptions): ArmBody {
  const { name = toGuid(`role ${roleName}`), ...permission } = options;
  const subscription = toSubscriptionPart(assignableScopes[0]);
  const by = '39b7c1d4-5e80-4a26-9f13-c07a6e4b82d5';
  const properties = { roleName, type: 'CustomRole', description: roleName, assignableScopes };
  return toBody(`${subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`, {
    ...properties,
    permissions: [toPermission(permission)],
    ...toTimes('2025-02-04T10:11:12.1314151Z', by),
  });
}

/** Builds a built-in role's body as it is shown above subscriptions. */
export function builtInRoleBody(roleName: string, { guid, ...permission }: BuiltInRole): ArmBody {
  const properties = { roleName, type: 'BuiltInRole', description: roleName, assignableScopes: ['/'] };
  return toBody(`/providers/Microsoft.Authorization/roleDefinitions/${guid}`, {
    ...properties,
    permissions: [toPermission(permission)],
    ...toTimes('2020-05-19T17:52:46.2349235Z', null),
  });
}

function toBody(id: string, properties: Record<string, unknown>): ArmBody {
  const name = id.slice(id.lastIndexOf('/') + 1);
  return { properties, id, type: 'Microsoft.Authorization/roleDefinitions', name };
}

function toPermission(permission: Partial<RolePermission>): RolePermission {
  return { actions: [], notActions: [], dataActions: [], notDataActions: [], ...permission };
}

function toTimes(at: string, by: string | null) {
  return { createdOn: at, updatedOn: at, createdBy: by, updatedBy: by };
}
