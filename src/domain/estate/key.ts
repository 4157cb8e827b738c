import { type KeyIdentifier, parseKeyIdentifier } from './key-identifier.ts';
import type { Reading } from './reading.ts';
import type { Encryption } from './registry.ts';

/** A version of a key that the control plane shows; fields as Azure wrote them, absent where it left them out. */
export interface FoundKeyVersion {
  state: 'found';
  version?: string;
  /** Absent when Azure told nothing of the key's state. */
  attributes?: KeyAttributes;
  kty?: string;
  /** Permitted operations; absent where they are in no known shape. */
  keyOps?: string[];
  /** In bits. */
  keySize?: unknown;
  /** When a policy rotates the key by itself: never, where there are none; absent where Azure did not tell. */
  rotations?: KeyRotation[];
  readings: Reading[];
}

/** When a rotation policy makes a new version: an ISO 8601 duration after the creation of the newest one, or before its expiry. */
export interface KeyRotation {
  timeAfterCreate?: string;
  timeBeforeExpiry?: string;
}

/** State of a key version; times are seconds since 1970, UTC, numbers expected. */
export interface KeyAttributes {
  enabled?: unknown;
  notBefore?: unknown;
  expires?: unknown;
  created?: unknown;
}

/** A version of a key, as far as it could be read. */
export type KeyVersion =
  | FoundKeyVersion
  /** The key holder is there, the key or its version is not. */
  | { state: 'absent'; readings: Reading[] }
  | {
      state: 'unreadable';
      reason: 'key_forbidden' | 'key_not_visible' | 'version_in_use_unrecognised';
      /** The action that the monitor's role lacks. */
      missingAction?: string;
      readings: Reading[];
    };

/** The key of a registry: what its rules look at. */
export interface RegistryKey {
  /** The newest version; absent where the identifier names a version, which alone counts then. */
  newest?: KeyVersion;
  /** The version that the registry uses; absent where it is not told. */
  inUse?: KeyVersion;
}

/** Which version a registry uses; `other` when it is one of another key than the identifier names. */
export function toVersionInUse(
  key: KeyIdentifier,
  encryption: Encryption | undefined,
): string | 'other' | undefined {
  if (key.keyVersion) return key.keyVersion;
  const inUse = parseKeyIdentifier(encryption?.versionedKeyIdentifier);
  if (!inUse?.keyVersion) return undefined;
  const isSameKey = inUse.host === key.host && inUse.keyName?.toLowerCase() === key.keyName?.toLowerCase();
  return isSameKey ? inUse.keyVersion : 'other';
}

/** The version that rules on age, expiry and strength look at: the one in use where it is known, else the newest. */
export function toJudgedVersion({ inUse, newest }: RegistryKey): KeyVersion | undefined {
  return inUse ?? newest;
}

/** All reads of a key. */
export function toKeyReadings({ newest, inUse }: RegistryKey): Reading[] {
  return [...new Set([...(newest?.readings ?? []), ...(inUse?.readings ?? [])])];
}
