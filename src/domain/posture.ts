import type { KeyHolder } from './key-holder.ts';
import { type KeyIdentifier, parseKeyIdentifier } from './key-identifier.ts';
import type { Reading } from './reading.ts';
import { hasCustomerKey, type Registry } from './registry.ts';

/** Everything read about one registry at one instant. */
export interface Posture {
  registry: Registry;
  /** Absent without a customer-managed key, or where its identifier names no key holder. */
  keyHolder?: KeyHolder;
}

/** The key of a registry: none, one that can be followed, or one whose identifier leads nowhere. */
export function toKey(registry: Registry): KeyIdentifier | 'none' | 'unusable' {
  if (hasCustomerKey(registry.encryption) !== true) return 'none';
  return parseKeyIdentifier(registry.encryption?.keyIdentifier) ?? 'unusable';
}

/** All reads that a posture rests on. */
export function toReadings(posture: Posture): Reading[] {
  return [posture.registry.reading, ...(posture.keyHolder?.readings ?? [])];
}
