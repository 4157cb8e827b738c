import type { RegistryIdentity } from './registry.ts';
import { type RoleAssignments, toPrincipalKind } from './role.ts';

/** What a principal is: only a group, or one that may be a group, can hold another principal. */
export type PrincipalKind = ReturnType<typeof toPrincipalKind>;

/** Tells what a principal is, by its object id: managed identities are individuals, and one role assignment that tells a type tells it for all. */
export function createPrincipalKinds(
  roles: readonly (RoleAssignments | undefined)[],
  {
    identity,
    identities = new Set(),
  }: { identity: RegistryIdentity | undefined; identities?: ReadonlySet<string> },
): (objectId: string) => PrincipalKind {
  const kinds = new Map<string, PrincipalKind>();
  for (const { principalId, principalType } of roles.flatMap((one) =>
    one?.state === 'found' ? one.assignments : [],
  )) {
    const kind = toPrincipalKind(principalType);
    const known = kinds.get(principalId.toLowerCase());
    // An assignment that does not tell whose it is may be anybody's, whatever its type.
    if (principalId && kind !== 'unknown' && known !== 'group') kinds.set(principalId.toLowerCase(), kind);
  }
  for (const objectId of [
    identity?.principalId,
    ...(identity?.userAssigned ?? []).map((one) => one.principalId),
    ...identities,
  ])
    if (objectId) kinds.set(objectId.toLowerCase(), 'individual');
  return (objectId) => kinds.get(objectId.toLowerCase()) ?? 'unknown';
}
