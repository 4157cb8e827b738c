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

/** A registry as it was read, with the fields that rules need. */
export interface Registry {
  id: ResourceId;
  location: string;
  sku?: string;
  /** Creation time as Azure wrote it; a registry of the same id with another one is another registry. */
  createdAt?: string;
  provisioningState?: string;
  encryption?: Encryption;
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
