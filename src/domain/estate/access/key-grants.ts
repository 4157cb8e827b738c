import type { AccessPolicy, FoundKeyHolder } from '../key-holder.ts';
import type { Posture } from '../posture.ts';
import { permitsDataAction, type Role, type RoleAssignment, toRoleId } from '../role.ts';
import { authorizationOf } from './authorization.ts';

/** What a registry's identity needs of its key, in the words of access policies. */
export const needs = ['get', 'wrapKey', 'unwrapKey'] as const;
/** One of the {@link needs}. */
export type Need = (typeof needs)[number];

/** Something that lets a principal use a key, or may. */
export interface KeyGrant {
  by: 'role' | 'accessPolicy';
  /** Id of the role assignment; of the vault for an access policy. */
  id: string;
  /** Object id; absent where an access policy names none. */
  principalId?: string;
  gives: readonly Need[];
  /** Whether what it gives could be read; what can't be read may give everything. */
  isRead: boolean;
  /** Name of the role, where it could be read. */
  role?: string;
  scope?: string;
  isConditional?: boolean;
  /** Tenant that an access policy names. */
  tenantId?: string;
  /** Whether it is for an application on behalf of somebody: of no use to who acts for itself. */
  isOnBehalf?: boolean;
}

/** The data actions by which roles give what an identity needs. */
const dataActions: Record<Need, string> = {
  get: 'Microsoft.KeyVault/vaults/keys/read',
  wrapKey: 'Microsoft.KeyVault/vaults/keys/wrap/action',
  unwrapKey: 'Microsoft.KeyVault/vaults/keys/unwrap/action',
};

/** All that lets anybody use the key of a posture, by whichever of the two its vault goes by; local roles are not shown. */
export function toKeyGrants({ keyRoles }: Posture, holder: FoundKeyHolder): KeyGrant[] {
  switch (authorizationOf(holder)) {
    case 'roles':
      return keyRoles?.state === 'found'
        ? keyRoles.assignments.map((assignment) =>
            toRoleGrant(assignment, keyRoles.roles.get(toRoleId(assignment.roleDefinitionId))),
          )
        : [];
    case 'accessPolicies':
      return (holder.accessPolicies ?? []).map((policy) => toPolicyGrant(policy, holder.id));
    case 'localRoles':
    case 'unknown':
      return [];
  }
}

function toRoleGrant(
  { id, principalId, scope, condition }: RoleAssignment,
  role: Role | undefined,
): KeyGrant {
  const grant = { by: 'role', id, principalId, scope, isConditional: Boolean(condition) } as const;
  if (role?.state !== 'found') return { ...grant, gives: needs, isRead: false };
  const gives = needs.filter((need) => permitsDataAction(role, dataActions[need]));
  return { ...grant, gives, isRead: true, ...(role.name ? { role: role.name } : {}) };
}

function toPolicyGrant({ objectId, tenantId, applicationId, keys }: AccessPolicy, id: string): KeyGrant {
  return {
    by: 'accessPolicy',
    id,
    ...(objectId ? { principalId: objectId } : {}),
    ...(tenantId ? { tenantId } : {}),
    gives: keys ? toNeeds(keys) : needs,
    isRead: keys !== undefined,
    isOnBehalf: Boolean(applicationId),
  };
}

function toNeeds(keys: readonly string[]): Need[] {
  const permitted = new Set(keys.map((permission) => permission.trim().toLowerCase()));
  return needs.filter((need) => permitted.has('all') || permitted.has(need.toLowerCase()));
}
