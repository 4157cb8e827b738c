import { toSubscriptionPart } from './arm-key.ts';
import { type BuiltInRoleName, builtInRoles } from './built-in-roles.ts';
import { toGuid } from './managed-identity.ts';
import type { ArmBody } from './tenant-contents.ts';

/** What a role assignment's body is built from. */
export interface RoleAssignmentOptions {
  /** Id of what the role is assigned at; the tenant's is `/` */
  scope: string;
  /** A built-in role's name, or the GUID of another one */
  role: BuiltInRoleName | { guid: string };
  principalId: string;
  /** ServicePrincipal, which managed identities are too, unless said otherwise; undefined leaves it out */
  principalType?: 'ServicePrincipal' | 'User' | 'Group' | 'ForeignGroup' | 'Device' | undefined;
  condition?: string;
  /** GUID; absent: it follows from scope, role and principal */
  name?: string;
}

/** Builds a role assignment's body in the shape of api version 2022-04-01. */
export function roleAssignmentBody(options: RoleAssignmentOptions): ArmBody {
  const { scope, role, principalId, condition } = options;
  const principalType = 'principalType' in options ? options.principalType : 'ServicePrincipal';
  const guid = typeof role === 'string' ? builtInRoles[role].guid : role.guid;
  const { name = toGuid(`${scope} ${guid} ${principalId}`.toLowerCase()) } = options;
  const at = '2025-03-11T09:21:40.5573128Z';
  const by = '39b7c1d4-5e80-4a26-9f13-c07a6e4b82d5';
  const body: ArmBody = {
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
      principalId,
      ...(principalType ? { principalType } : {}),
      scope,
      condition: condition ?? null,
      conditionVersion: condition ? '2.0' : null,
      createdOn: at,
      updatedOn: at,
      createdBy: by,
      updatedBy: by,
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
    id: `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name,
  };
  return withScopedRole(body, toSubscriptionPart(scope));
}

/** The same assignment with its role named below a subscription, or above all where that is ''; others are left alone. */
export function withScopedRole(body: ArmBody, subscription: string): ArmBody {
  const { roleDefinitionId } = body.properties ?? {};
  const [, role] =
    /(\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+)$/i.exec(String(roleDefinitionId)) ?? [];
  if (!role) return body;
  return { ...body, properties: { ...body.properties, roleDefinitionId: subscription + role } };
}
