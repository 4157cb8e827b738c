import type { Posture } from '../../domain/estate/posture.ts';
import { toPresent } from '../../domain/estate/present.ts';
import { createPrincipalKinds } from '../../domain/estate/principal-kinds.ts';
import { isSameId } from '../../domain/estate/resource-id.ts';
import {
  permitsDataAction,
  type Role,
  type RoleAssignment,
  type RoleAssignments,
  toRoleId,
} from '../../domain/estate/role.ts';
import { type Doubt, type Grant, type Need, needs } from './access-grants.ts';

/** The data actions by which roles give what an identity needs. */
const dataActions: Record<Need, string> = {
  get: 'Microsoft.KeyVault/vaults/keys/read',
  wrapKey: 'Microsoft.KeyVault/vaults/keys/wrap/action',
  unwrapKey: 'Microsoft.KeyVault/vaults/keys/unwrap/action',
};

/** What the role assignments that apply at a key grant that reaches a principal, or may. */
export function toRoleGrants(
  { assignments, roles }: Extract<RoleAssignments, { state: 'found' }>,
  principalId: string,
  posture: Posture,
): Grant[] {
  const toKind = createPrincipalKinds([posture.keyRoles], {
    identity: posture.registry.identity,
    ...toPresent({ identities: posture.identities }),
  });
  return assignments.flatMap((assignment) => {
    const role = roles.get(toRoleId(assignment.roleDefinitionId)) ?? { state: 'unreadable' };
    const reach = toReach(assignment, role);
    if (reach === 'none') return [];
    const grant = { by: assignment.id, gives: toNeeds(role) };
    return [reach === 'certain' ? grant : { ...grant, doubt: reach }];
  });

  function toReach(assignment: RoleAssignment, role: Role): 'certain' | 'none' | Doubt {
    if (isSameId(assignment.principalId, principalId)) {
      if (assignment.condition) return 'access_conditional';
      return role.state === 'found' ? 'certain' : 'role_unreadable';
    }
    switch (toKind(assignment.principalId)) {
      case 'individual':
        return 'none';
      case 'group':
        return 'access_through_group';
      case 'unknown':
        return 'access_principal_unknown';
    }
  }
}

/** A role that can't be read may give everything. */
function toNeeds(role: Role): readonly Need[] {
  return role.state === 'found' ? needs.filter((need) => permitsDataAction(role, dataActions[need])) : needs;
}
