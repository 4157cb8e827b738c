import type { HolderKind } from './key-identifier.ts';
import type { Reading } from './reading.ts';

/** The Key Vault or Managed HSM of a registry's key, as far as it could be read. */
export type KeyHolder =
  | FoundKeyHolder
  | DeletedKeyHolder
  /** Its name is free: it exists nowhere, not even soft-deleted. */
  | { state: 'absent'; readings: Reading[] }
  /** It may exist, but we are not allowed or not able to see it. */
  | {
      state: 'unreadable';
      reason: 'key_holder_unreadable' | 'key_holder_not_visible';
      id?: string;
      /** When all subscriptions were searched for it in vain, ISO 8601, UTC; absent when they were not. */
      searchedAt?: string;
      readings: Reading[];
    };

/** An entry of a vault's access policies. */
export interface AccessPolicy {
  objectId?: string;
  tenantId?: string;
  /** Present where the entry is for an application on behalf of the object. */
  applicationId?: string;
  /** Permissions on keys in lower case; absent where they are in no known shape. */
  keys?: string[];
}

/** Whom the network of a key holder lets in; words as Azure wrote them, absent where it left them out. */
export interface HolderNetwork {
  publicNetworkAccess?: string;
  /** Whether there are network rules at all. */
  hasRules: boolean;
  bypass?: string;
  defaultAction?: string;
  addressRules: number;
  subnetRules: number;
  privateEndpoints: number;
}

/** A key holder that exists and was read. */
export interface FoundKeyHolder {
  state: 'found';
  kind: HolderKind;
  id: string;
  name: string;
  location?: string;
  /** Its own URI, as Azure wrote it. */
  uri?: string;
  provisioningState?: string;
  /** As Azure wrote it, booleans expected; absent where Azure left it out. */
  softDelete?: unknown;
  /** As Azure wrote it; only a boolean `true` protects. */
  purgeProtection?: unknown;
  /** In days, as Azure wrote it, a number expected. */
  retentionDays?: unknown;
  tenantId?: string;
  /** Whether roles, not access policies, say who may use a vault's keys; as Azure wrote it. */
  rbacAuthorization?: unknown;
  /** Absent where Azure left the list out. */
  accessPolicies?: AccessPolicy[];
  network: HolderNetwork;
  /** Further regions of a Managed HSM. */
  regions: string[];
  /** Whether a Managed HSM is activated, as Azure wrote it. */
  activationStatus?: string;
  readings: Reading[];
}

/** A key holder that is soft-deleted. */
export interface DeletedKeyHolder {
  state: 'deleted';
  kind: HolderKind;
  /** Id that it had, and gets again when it is recovered. */
  id?: string;
  name: string;
  location?: string;
  purgeProtection?: unknown;
  deletedAt?: string;
  scheduledPurgeAt?: string;
  readings: Reading[];
}
