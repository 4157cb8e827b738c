import { authorizationOf } from '../../domain/estate/access/authorization.ts';
import { type Accessor, mayUse } from '../../domain/estate/access/may-use.ts';
import { toEncryptionIdentity } from '../../domain/estate/encryption-identity.ts';
import type { FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import { parseKeyIdentifier } from '../../domain/estate/key-identifier.ts';
import type { Posture } from '../../domain/estate/posture.ts';
import { toPresent } from '../../domain/estate/present.ts';
import { isSameId } from '../../domain/estate/resource-id.ts';
import {
  type Role,
  type RoleAssignment,
  type RoleAssignments,
  toPrincipalKind,
} from '../../domain/estate/role.ts';
import type { WhichRoles } from '../ports/azure-ports.ts';
import type { AssignmentsAt, MemoReads } from './memo-reads.ts';
import { toUnreadable } from './unreadable.ts';

/** What access to a key hangs on, as far as it was read. */
type Access = Pick<Posture, 'keyRoles' | 'identities'>;

/**
 * Reads what access to a key hangs on beside its vault: no assignment and no role is read that can't change the verdict.
 */
export async function readAccess(reads: MemoReads, posture: Posture, which: WhichRoles): Promise<Access> {
  const { keyHolder, registry, key } = posture;
  const identity = toEncryptionIdentity(registry);
  const { principalId, tenantId } = identity.state === 'attached' ? identity : {};
  const isKeyNamed = key !== undefined || posture.failures?.has('key');
  if (keyHolder?.state !== 'found' || !principalId || !isKeyNamed) return {};
  const question = {
    posture,
    holder: keyHolder,
    scope: toKeyScope(keyHolder.id, registry.encryption?.keyIdentifier),
    accessor: { principalId, ...toPresent({ tenantId }) },
  };
  switch (authorizationOf(keyHolder)) {
    case 'roles':
      return { keyRoles: await readKeyRoles(reads, question, which) };
    case 'accessPolicies':
      return readPrincipals(reads, question);
    case 'localRoles':
    case 'unknown':
      return {};
  }
}

interface AccessQuestion {
  posture: Posture;
  holder: FoundKeyHolder;
  /** Scope of the key. */
  scope: string;
  accessor: Accessor;
}

/** The identity's own roles first: those of groups and of unknown principals only where these do not suffice. */
async function readKeyRoles(
  reads: MemoReads,
  { posture, holder, scope, accessor }: AccessQuestion,
  which: WhichRoles,
): Promise<RoleAssignments> {
  const answer = await reads.readAssignments(scope, which);
  if (answer.state !== 'found') return toRoleAssignments(answer, new Map());
  const isOwn = (assignment: RoleAssignment) => isSameId(assignment.principalId, accessor.principalId);
  const own = await readRoles(reads, answer.value.filter(isOwn), scope);
  const byOwn = toRoleAssignments(answer, own);
  if (mayUse(accessor, { ...posture, keyRoles: byOwn }, holder).state === 'yes') return byOwn;
  const others = answer.value.filter(
    (one) => !isOwn(one) && toPrincipalKind(one.principalType) !== 'individual',
  );
  return toRoleAssignments(answer, new Map([...own, ...(await readRoles(reads, others, scope))]));
}

/** With access policies it may hang on which of their entries are for groups: first role assignments tell, then Resource Graph. */
async function readPrincipals(
  reads: MemoReads,
  { posture, holder, scope, accessor }: AccessQuestion,
): Promise<Access> {
  const isOpen = (access: Access) =>
    mayUse(accessor, { ...posture, ...access }, holder).doubt === 'access_through_group';
  if (!isOpen({})) return {};
  const byRoles = { keyRoles: toRoleAssignments(await reads.readAssignments(scope, 'all'), new Map()) };
  const principals = (holder.accessPolicies ?? []).flatMap(({ objectId }) => objectId ?? []);
  return isOpen(byRoles) ? { ...byRoles, identities: await reads.readIdentities(principals) } : byRoles;
}

/** Reads all role assignments that apply at a scope, and what each of their roles permits. */
export async function readAllRoles(reads: MemoReads, scope: string): Promise<RoleAssignments> {
  const answer = await reads.readAssignments(scope, 'all');
  return toRoleAssignments(
    answer,
    answer.state === 'found' ? await readRoles(reads, answer.value, scope) : new Map(),
  );
}

/** The scope of a key below its vault or Managed HSM. */
export function toKeyScope(holderId: string, keyIdentifier: string | undefined): string {
  const name = parseKeyIdentifier(keyIdentifier)?.keyName;
  return name ? `${holderId}/keys/${name}` : holderId;
}

function readRoles(
  reads: MemoReads,
  assignments: readonly RoleAssignment[],
  near: string,
): Promise<Map<string, Role>> {
  const ids = assignments.map(({ roleDefinitionId }) => roleDefinitionId);
  return reads.readRoles(ids, near);
}

function toRoleAssignments(answer: AssignmentsAt, roles: ReadonlyMap<string, Role>): RoleAssignments {
  if (answer.state === 'found') {
    return { state: 'found', assignments: answer.value, roles, readings: [answer.reading] };
  }
  return toUnreadable(answer, {
    forbidden: 'role_assignments_forbidden',
    otherwise: 'role_assignments_not_visible',
    action: 'Microsoft.Authorization/roleAssignments/read',
  });
}
