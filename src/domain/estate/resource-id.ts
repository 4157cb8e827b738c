/** Kinds of Azure resources the monitor reads or hears of. */
type ResourceKind = 'registry' | 'vault' | 'managedHsm';

/** An Azure resource's id in its parts; `id` as Azure wrote it, cut after the resource itself. */
export interface ResourceId {
  kind: ResourceKind;
  id: string;
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}

/** A resource group: all that lies in it. */
export interface ResourceGroupId {
  kind: 'resourceGroup';
  id: string;
}

/** A user-assigned identity. */
export interface IdentityId {
  kind: 'identity';
  id: string;
}

const identityPattern =
  /^\/subscriptions\/[0-9a-f-]{1,64}\/resourceGroups\/[^/|\\#?]{1,90}\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[\w-]{1,128}$/i;

/** Reads the id of a user-assigned identity, exactly; undefined for any other id. */
export function parseIdentityId(id: string): IdentityId | undefined {
  return isKeyable(id) && identityPattern.test(id) ? { kind: 'identity', id } : undefined;
}

/** What a change can be of. */
export type ChangedId = ResourceId | ResourceGroupId | IdentityId;

/** Longest id that Resource Manager has, in characters: nothing longer is looked at. */
export const maxIdLength = 2_048;

/** Reads the id of a resource group, exactly; undefined for any other id. */
export function parseResourceGroupId(id: string): ResourceGroupId | undefined {
  return isKeyable(id) && /^\/subscriptions\/[0-9a-f-]{1,64}\/resourceGroups\/[^/|\\#?]{1,90}$/i.test(id)
    ? { kind: 'resourceGroup', id }
    : undefined;
}

const kinds: Record<string, ResourceKind> = {
  'microsoft.containerregistry/registries': 'registry',
  'microsoft.keyvault/vaults': 'vault',
  'microsoft.keyvault/managedhsms': 'managedHsm',
};

const idPattern =
  /^\/subscriptions\/([0-9a-f-]{1,64})\/resourceGroups\/([^/|\\#?]{1,90})\/providers\/([^/]+\/[^/]+)\/([0-9a-z-]{1,127})(\/.*)?$/i;

/**
 * Reads the id of a registry, vault or Managed HSM, or of anything below one (the id then names the parent), in any casing.
 * Answers undefined for any other id.
 */
export function parseResourceId(id: string): ResourceId | undefined {
  const match = isKeyable(id) ? idPattern.exec(id.trim()) : null;
  const [, subscriptionId, resourceGroup, type, name, below] = match ?? [];
  const kind = type && kinds[type.toLowerCase()];
  if (!match || !kind || !subscriptionId || !resourceGroup || !name) return undefined;
  const own = below ? match[0].slice(0, -below.length) : match[0];
  return { kind, id: own, subscriptionId, resourceGroup, name };
}

/** Keys of table rows can't hold control characters, nor halves of a character. */
function isKeyable(id: string): boolean {
  return id.length <= maxIdLength && id.isWellFormed() && !/\p{Cc}/u.test(id.trim());
}

/** Reads the id of a registry, exactly; undefined for any other id. */
export function parseRegistryId(id: string): ResourceId | undefined {
  const parsed = parseResourceId(id);
  return parsed?.kind === 'registry' && parsed.id.length === id.trim().length ? parsed : undefined;
}

/** The part of a row's key that names a resource: `subscription|resource group|name`, lower case. */
export function toResourceKey(id: Pick<ResourceId, 'subscriptionId' | 'resourceGroup' | 'name'>): string {
  return `${id.subscriptionId}|${id.resourceGroup}|${id.name}`.toLowerCase();
}

/** Whether two Azure ids name the same resource: Azure compares them without case. */
export function isSameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether a text is a subscription's id. */
export function isSubscriptionId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Whether a text can name a registry: it is the resource id of one, or no path at all. */
export function isRegistryReference(text: string): boolean {
  return parseRegistryId(text) !== undefined || !text.includes('/');
}
