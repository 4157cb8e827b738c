import type { DiagnosticSettings } from './diagnostic-settings.ts';
import type { IdentityResource } from './identity-resource.ts';
import { type RegistryKey, toKeyReadings } from './key.ts';
import type { KeyHolder } from './key-holder.ts';
import { type KeyIdentifier, parseKeyIdentifier } from './key-identifier.ts';
import type { ReadFailure } from './read-failure.ts';
import type { Reading } from './reading.ts';
import { hasCustomerKey, type Registry } from './registry.ts';
import type { RoleAssignments } from './role.ts';

/** Everything read about one registry at one instant. */
export interface Posture {
  registry: Registry;
  /** Tenant of the registry's subscription, where it is told. */
  tenantId?: string;
  /** The user-assigned identity by which the registry reaches its key; absent where it names none. */
  identity?: IdentityResource;
  /** Absent without a customer-managed key, or where its identifier names no key holder. */
  keyHolder?: KeyHolder;
  /** Absent where the key holder was not found, or the identifier names no key. */
  key?: RegistryKey;
  /** Role assignments that apply at the key; absent where access does not hang on them. */
  keyRoles?: RoleAssignments;
  /** Object ids that are known to be those of managed identities, in lower case. */
  identities?: ReadonlySet<string>;
  /** Role assignments that apply at the registry; read only when a rule asks for them. */
  registryRoles?: RoleAssignments;
  /** Diagnostic settings of the key holder; read only when a rule asks for them. */
  diagnosticSettings?: DiagnosticSettings;
  /** Parts whose reads failed: of what rests on them nothing can be said, not even that it is unknown. */
  failures?: ReadonlyMap<PosturePart, ReadFailure>;
}

/** The parts of a posture. */
export type PosturePart =
  | 'registry'
  | 'identity'
  | 'keyHolder'
  | 'key'
  | 'keyRoles'
  | 'registryRoles'
  | 'diagnosticSettings';

/** The key of a registry: none, one that can be followed, or one whose identifier leads nowhere. */
export function toKey(registry: Registry): KeyIdentifier | 'none' | 'unusable' {
  if (hasCustomerKey(registry.encryption) !== true) return 'none';
  return parseKeyIdentifier(registry.encryption?.keyIdentifier) ?? 'unusable';
}

/**
 * What a registry hangs on and its stored rows rest on, in words that Resource Manager and Resource Graph share: where
 * it changes, the registry is read again though its verdicts are as they were.
 */
export function toFooting({ registry, keyHolder }: Posture): string[] {
  const { encryption, identity, sku, location } = registry;
  const holderId = keyHolder?.state === 'found' || keyHolder?.state === 'deleted' ? keyHolder.id : undefined;
  const attached = (identity?.userAssigned ?? []).map(({ id }) => id.toLowerCase()).sort();
  const words = [
    encryption?.keyIdentifier,
    holderId,
    encryption?.identity,
    sku,
    location.replaceAll(' ', ''),
  ];
  return [...words.map((word) => word?.toLowerCase() ?? ''), ...attached];
}

/** The reads that parts of a posture rest on; all when none is named. */
export function toReadings(posture: Posture, parts?: readonly PosturePart[]): Reading[] {
  const { registry, identity, keyHolder, key, keyRoles, registryRoles, diagnosticSettings } = posture;
  const readings: Record<PosturePart, readonly Reading[]> = {
    registry: [registry.reading],
    identity: identity?.readings ?? [],
    keyHolder: keyHolder?.readings ?? [],
    key: key ? toKeyReadings(key) : [],
    keyRoles: keyRoles?.readings ?? [],
    registryRoles: registryRoles?.readings ?? [],
    diagnosticSettings: diagnosticSettings?.readings ?? [],
  };
  return (parts ?? (Object.keys(readings) as PosturePart[])).flatMap((part) => readings[part]);
}
