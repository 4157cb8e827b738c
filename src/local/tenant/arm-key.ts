import type { HolderType } from './tenant-contents.ts';

/** Ids as keys: Azure compares them without case, and regions without blanks. */
export function toArmKey(id: string): string {
  return id.trim().toLowerCase().replaceAll(' ', '').replace(/\/$/, '');
}

const subscription = `/subscriptions/[^/]+`;
const resource = `${subscription}/resourcegroups/[^/]+/providers`;
const keyHolder = `${resource}/microsoft.keyvault/(?:vaults|managedhsms)/[^/]+`;
const servable = [
  subscription,
  `${resource}/microsoft.containerregistry/registries/[^/]+`,
  keyHolder,
  `${keyHolder}/keys/[^/]+(?:/versions/[^/]+)?`,
  `${subscription}/providers/microsoft.keyvault/locations/[^/]+/deleted(?:vaults|managedhsms)/[^/]+`,
  `${resource}/microsoft.managedidentity/userassignedidentities/[^/]+`,
  `.*/providers/microsoft.authorization/roleassignments/[^/]+`,
].map((pattern) => new RegExp(`^${pattern}$`));

/** Whether the tenant serves resources with ids like this one. */
export function isServableKey(key: string): boolean {
  return servable.some((pattern) => pattern.test(key));
}

/** Whether a key is a subscription's. */
export function isSubscriptionKey(key: string): boolean {
  return /^\/subscriptions\/[^/]+$/.test(key);
}

/** The key of the list by subscription (for keys: by parent) that a resource is in; role assignments may be in none's. */
export function toCollectionKey(key: string): string {
  const assignments = '/providers/microsoft.authorization/roleassignments';
  if (key.includes(`${assignments}/`)) return toScopeKeys(key).subscription + assignments;
  return withoutGroup(key.slice(0, key.lastIndexOf('/')));
}

/** The key of the list by subscription that holds what the list at `path` answers. */
export function withoutGroup(path: string): string {
  return path.replace(
    /\/(?:resourcegroups\/[^/]+(\/providers\/[^/]+\/[^/]+)|locations\/[^/]+(\/[^/]+))$/,
    '$1$2',
  );
}

/** The subscription and resource group that an id's key names. */
export function toScopeKeys(key: string): { subscription: string; group?: string } {
  const [, first = '', group] = /^(\/subscriptions\/[^/]+)(?:(\/resourcegroups\/[^/]+).*)?/.exec(key) ?? [];
  return { subscription: first, ...(group ? { group: first + group } : {}) };
}

/** Kind and name of a vault or Managed HSM, live or soft-deleted; undefined for any other id. */
export function toHolder(key: string): { type: HolderType; name: string; isDeleted: boolean } | undefined {
  const [, deleted, type, name] = /\/(deleted)?(vaults|managedhsms)\/([^/]+)$/.exec(key) ?? [];
  if (!type || !name) return undefined;
  return { type: type === 'vaults' ? 'vaults' : 'managedHSMs', name, isDeleted: deleted !== undefined };
}
