import { type ExtensionType, parseExtensionPath } from './extension-path.ts';
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
  `${resource}/microsoft.eventgrid/systemtopics/[^/]+(?:/eventsubscriptions/[^/]+)?`,
  `${resource}/microsoft.web/sites/[^/]+(?:/functions/[^/]+|/config/configreferences/appsettings/[^/]+)?`,
  `${resource}/microsoft.storage/storageaccounts/[^/]+`,
  `${subscription}/resourcegroups/[^/]+`,
  `${subscription}/providers/[^/]+`,
  `(?:${subscription}|/providers/microsoft.management/managementgroups/[^/]+)/providers/microsoft.authorization/policy(?:assignments|definitions)/[^/]+`,
  '/providers/microsoft.authorization/policydefinitions/[^/]+',
].map((pattern) => new RegExp(`^${pattern}$`));

/** Whether the tenant serves resources with ids like this one. */
export function isServableKey(key: string): boolean {
  return servable.some((pattern) => pattern.test(key)) || parseExtensionPath(key)?.name !== undefined;
}

/** Whether a key is that of a key in a vault or Managed HSM, or of anything below one. */
export function isKeyKey(key: string): boolean {
  return /\/(?:vaults|managedhsms)\/[^/]+\/keys\/[^/]+/.test(key);
}

/** Whether a key is that of a system topic. */
export function isTopicKey(key: string): boolean {
  return /\/systemtopics\/[^/]+$/.test(key);
}

/** Whether a key is a subscription's. */
export function isSubscriptionKey(key: string): boolean {
  return /^\/subscriptions\/[^/]+$/.test(key);
}

/** The key of the list by subscription (for keys: by parent) that a resource is in. */
export function toCollectionKey(key: string): string {
  const extension = parseExtensionPath(key);
  if (extension) return toExtensionsKey(extension.type, toScopeKeys(key).subscription);
  return withoutGroup(key.slice(0, key.lastIndexOf('/')));
}

/** The key of the list of a subscription's extension resources, or of those above subscriptions where it is ''. */
export function toExtensionsKey(type: ExtensionType, subscription: string): string {
  // Roles are looked up by their GUID alone, wherever they were defined.
  const place = type === 'Microsoft.Authorization/roleDefinitions' ? '' : subscription;
  return `${place}/providers/${type.toLowerCase()}`;
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

/** The beginning of an id that names its subscription, as it is written; '' above subscriptions. */
export function toSubscriptionPart(id: string): string {
  return /^\/subscriptions\/[^/]+/i.exec(id)?.[0] ?? '';
}

/** Kind and name of a vault or Managed HSM, live or soft-deleted; undefined for any other id. */
export function toHolder(key: string): { type: HolderType; name: string; isDeleted: boolean } | undefined {
  const [, deleted, type, name] = /\/(deleted)?(vaults|managedhsms)\/([^/]+)$/.exec(key) ?? [];
  if (!type || !name) return undefined;
  return { type: type === 'vaults' ? 'vaults' : 'managedHSMs', name, isDeleted: deleted !== undefined };
}
