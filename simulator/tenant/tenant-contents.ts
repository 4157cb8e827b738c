/** A resource as Azure Resource Manager answers it. */
export interface ArmBody {
  id: string;
  name?: string;
  type?: string;
  location?: string;
  properties?: Record<string, unknown>;
  [property: string]: unknown;
}

/** A resource whose body is built whenever it is read, so that a big tenant fits into memory. */
export interface LazyResource {
  id: string;
  toBody(): ArmBody;
}

/** A group of subscriptions and of other such groups. */
export interface ManagementGroup {
  name: string;
  displayName: string;
  /** Name of the group that it lies in; absent for the tenant's root */
  parent?: string;
  /** Ids of the subscriptions right below it */
  subscriptions?: string[];
}

/** What may not be read: every action, or one, at a scope (a subscription's or a resource's id) and below it. */
export interface UnreadableScope {
  scope: string;
  action?: string;
}

/** What the caller is told to be permitted at a scope and below it, as blocks of roles. */
export interface GivenPermissions {
  /** Id of a management group, subscription, resource group or resource */
  scope: string;
  /** `{actions, notActions, dataActions, notDataActions}` each, as a role that is assigned there has them */
  value: Record<string, unknown>[];
}

/** Everything a simulated tenant holds. */
export interface TenantContents {
  tenantId: string;
  /** Bodies of subscriptions, `id` being `/subscriptions/ID`; one with another `tenantId` is delegated by that tenant */
  subscriptions: ArmBody[];
  /**
   * Registries, vaults, Managed HSMs, soft-deleted ones of both, keys and versions of keys, identities, role
   * assignments, custom roles, locks, diagnostic settings, system topics, event subscriptions, function apps, and
   * policies that differ from the built-in ones
   */
  resources: ArmBody[];
  /** More of them, built when they are read */
  lazyResources?: Iterable<LazyResource>;
  managementGroups?: ManagementGroup[];
  /** Ids of subscriptions the caller doesn't see, though the names of their vaults are taken */
  hiddenSubscriptions?: string[];
  /** Reads that answer 403 */
  unreadable?: UnreadableScope[];
  /** What the caller is told of its permissions (all reads of the monitor, less `unreadable`); it changes no answer but that */
  permissions?: GivenPermissions[];
  /** Ids of vaults and Managed HSMs that are not served, though their names are taken */
  unseenHolders?: string[];
}

/** Resource types of key holders, in Azure's own casing. */
export type HolderType = 'vaults' | 'managedHSMs';

/** The types of what is soft-deleted, by the type of what it was. */
export const deletedTypes: Record<HolderType, string> = {
  vaults: 'deletedVaults',
  managedHSMs: 'deletedManagedHSMs',
};
