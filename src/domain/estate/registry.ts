import type { Reading } from './reading.ts';
import type { ResourceId } from './resource-id.ts';

/** How a registry's images are encrypted, as ARM answers it. */
export interface Encryption {
  /** `enabled`, `disabled`, any other word as Azure wrote it; absent where Azure left it out. */
  status?: string;
  keyIdentifier?: string;
  /** Identifier of the key version in use. */
  versionedKeyIdentifier?: string;
  /** Client id of the user-assigned identity, or `system`. */
  identity?: string;
  keyRotationEnabled?: boolean;
  lastKeyRotation?: string;
}

/** A user-assigned identity of a registry, as far as Azure showed it. */
export interface UserAssignedIdentity {
  /** Resource id. */
  id: string;
  clientId?: string;
  principalId?: string;
}

/** The managed identities of a registry, as ARM answers them. */
export interface RegistryIdentity {
  /** As Azure wrote it: one kind, or several separated by commas. */
  type?: string;
  /** Object id of the system-assigned identity. */
  principalId?: string;
  tenantId?: string;
  /** Absent where Azure left the list out. */
  userAssigned?: UserAssignedIdentity[];
}

/** A registry as it was read, with the fields that rules need. */
export interface Registry {
  id: ResourceId;
  location: string;
  sku?: string;
  /** Creation time as Azure wrote it; a registry of the same id with another one is another registry. */
  createdAt?: string;
  provisioningState?: string;
  encryption?: Encryption;
  /** Absent where the registry has no identity. */
  identity?: RegistryIdentity;
  publicNetworkAccess?: string;
  /** What its network rules do with addresses that they don't name. */
  networkDefaultAction?: string;
  reading: Reading;
}

const terminalStates = new Set(['succeeded', 'failed', 'canceled']);

/** Whether a registry's body can be judged: bodies that are not in a terminal state can lie. An absent state counts as terminal (old api versions). */
export function isTerminal(provisioningState: string | undefined): boolean {
  return provisioningState === undefined || terminalStates.has(provisioningState.toLowerCase());
}

/** Whether images are under a customer-managed key: `unknown` where the status is a word that Azure has not documented. */
export function hasCustomerKey(encryption: Encryption | undefined): boolean | 'unknown' {
  const status = encryption?.status?.toLowerCase();
  if (status === undefined || status === 'disabled') return false;
  return status === 'enabled' ? true : 'unknown';
}

/** Whether two creation times belong to the same registry; unknown ones do. */
export function isSameCreation(a: string | undefined, b: string | undefined): boolean {
  if (!a || !b) return true;
  return a === b || Date.parse(a) === Date.parse(b);
}
