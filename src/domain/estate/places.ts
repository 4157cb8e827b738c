import type { HolderKind } from './key-identifier.ts';
import type { ResourceId } from './resource-id.ts';

/** An item of a list: read, or odd in a way that is told. */
export type Listed<T> = { item: T } | { oddItem: string; reason: string };

/** A subscription that the identity sees. */
export interface Subscription {
  subscriptionId: string;
  displayName: string;
  tenantId?: string;
}

/** Where a live key holder is. */
export interface HolderLocation {
  id: ResourceId;
  /** Its own URI, where Azure tells it. */
  uri?: string;
}

/** Where a soft-deleted key holder is kept. */
export interface DeletedHolderLocation {
  kind: HolderKind;
  name: string;
  subscriptionId: string;
  /** Azure region, in Azure's short form. */
  location: string;
}
