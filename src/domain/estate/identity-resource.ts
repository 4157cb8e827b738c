import { toEncryptionIdentity, toNamedIdentity } from './encryption-identity.ts';
import type { Reading } from './reading.ts';
import type { Registry, UserAssignedIdentity } from './registry.ts';

/** The user-assigned identity by which a registry reaches its key, as a resource of its own. */
export type IdentityResource =
  | { state: 'found'; readings: Reading[] }
  /** It was deleted, or made again: what is there now is another one. */
  | { state: 'absent'; readings: Reading[] }
  | {
      state: 'unreadable';
      reason: 'identity_forbidden' | 'identity_not_visible';
      missingAction?: string;
      readings: Reading[];
    };

/**
 * The user-assigned identity that a registry's encryption names, as the registry lists it; where ids are left out, the
 * only one that it can be. Undefined where none is named, or it is not told which.
 */
export function toIdentityOfKey(registry: Registry): UserAssignedIdentity | undefined {
  const identity = toEncryptionIdentity(registry);
  const listed = registry.identity?.userAssigned ?? [];
  if (identity.state === 'attached') return listed.find(({ id }) => id === identity.id);
  const [only, ...others] = listed;
  const isNamed = toNamedIdentity(registry.encryption).kind === 'user';
  return identity.state === 'unknown' && isNamed && others.length === 0 ? only : undefined;
}
