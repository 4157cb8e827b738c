import { type ManagedIdentity, managedIdentity, toGuid } from './managed-identity.ts';

/** A subscription of a generated tenant. */
interface GeneratedSubscription {
  /** `/subscriptions/ID` */
  id: string;
  /** By which its registries reach their keys */
  identity: ManagedIdentity;
}

interface Place {
  subscription: GeneratedSubscription;
  group: string;
  name: string;
  location: string;
}

/** Where what a generated tenant holds lies, by its index. */
export interface GeneratedPlaces {
  tenantId: string;
  subscriptions: GeneratedSubscription[];
  vaults: number;
  registry(index: number): Place;
  registryId(index: number): string;
  /** The index of the vault that a registry's key may lie in */
  vaultOf(registry: number): number;
  vault(index: number): Place;
  vaultName(index: number): string;
  vaultId(index: number): string;
  /** The identities of the registries that a vault is there for */
  vaultUsers(index: number): ManagedIdentity[];
  /** A number from 0 to below 1 that follows from seed, topic and index */
  chance(topic: string, index: number): number;
}

const regions = ['westeurope', 'northeurope', 'eastus', 'eastus2', 'westus3', 'uksouth', 'japaneast'];
const groupsPerSubscription = 4;

/** Creates the places of a generated tenant. */
export function createGeneratedPlaces(options: {
  subscriptions: number;
  registries: number;
  seed?: number;
  registriesPerVault?: number;
}): GeneratedPlaces {
  const { registries, seed = 1, registriesPerVault = 1 } = options;
  const subscriptions = Array.from({ length: options.subscriptions }, (_, index) => {
    const id = `/subscriptions/${toGuid(`subscription ${index} of ${seed}`)}`;
    return { id, identity: managedIdentity(id, 'rg-identities', `id-acr-${seed}-${index + 1}`) };
  });
  const chance = (topic: string, index: number) => toChance(`${seed} ${topic} ${index}`);
  const suffix = (index: number) => `${seed.toString(36)}x${(index + 1).toString(36).padStart(4, '0')}`;
  const vaultName = (index: number) => `kv-acr-${suffix(index)}`;
  const vaultOf = (registry: number) => Math.floor(registry / registriesPerVault);

  const toSubscription = (registry: number) => Math.floor((registry * subscriptions.length) / registries);

  function toPlace(prefix: string, name: string, index: number): Place {
    const subscription = subscriptions[toSubscription(index)];
    if (!subscription) throw new Error('A generated tenant needs a subscription.');
    const group = `${prefix}-${(index % groupsPerSubscription) + 1}`;
    // A vault and its registries are in the same region.
    const location = regions[Math.floor(chance('region', vaultOf(index)) * regions.length)] as string;
    return { subscription, group, name, location };
  }

  const registry = (index: number) => toPlace('rg-images', `acr${suffix(index)}`, index);
  const vault = (index: number) => toPlace('rg-keys', vaultName(index), index * registriesPerVault);

  function vaultUsers(index: number): ManagedIdentity[] {
    const first = index * registriesPerVault;
    const last = Math.min(first + registriesPerVault, registries) - 1;
    return subscriptions
      .slice(toSubscription(first), toSubscription(last) + 1)
      .map(({ identity }) => identity);
  }

  return {
    tenantId: toGuid(`tenant of ${seed}`),
    subscriptions,
    vaults: Math.ceil(registries / registriesPerVault),
    registry,
    registryId: (index) => toId(registry(index), 'Microsoft.ContainerRegistry/registries'),
    vaultOf,
    vault,
    vaultName,
    vaultId: (index) => toId(vault(index), 'Microsoft.KeyVault/vaults'),
    vaultUsers,
    chance,
  };
}

function toId({ subscription, group, name }: Place, type: string): string {
  return `${subscription.id}/resourceGroups/${group}/providers/${type}/${name}`;
}

/** FNV-1a, mixed once more so that neighbouring indexes differ in their high bits too. */
function toChance(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
