import { createGeneratedPlaces, type GeneratedPlaces } from './generated-places.ts';
import { keyBody, toKeyVersion, vaultBody } from './key-holder-body.ts';
import { identityBody } from './managed-identity.ts';
import { type RegistryOptions, registryBody } from './registry-body.ts';
import { roleAssignmentBody } from './role-assignment-body.ts';
import { subscriptionBody } from './subscription-body.ts';
import type { ArmBody, LazyResource, TenantContents } from './tenant-contents.ts';

/** What a generated tenant is like. */
export interface GeneratedTenantOptions {
  subscriptions: number;
  /** Spread evenly over the subscriptions */
  registries: number;
  /** The same seed gives the same tenant (1) */
  seed?: number;
  /** How many registries in a row use the same vault (1) */
  registriesPerVault?: number;
  /** Whether every registry has a key of its owner's in a vault that is as it should be (false: some have neither) */
  ownVault?: boolean;
}

const keyName = 'images';

/**
 * A tenant of any size; what it holds is built whenever it is read. Every registry with a key reaches it by the
 * identity of its subscription, half of the vaults allow that by a role, half by access policies.
 */
export function generatedTenant(options: GeneratedTenantOptions): TenantContents & {
  lazyResources: LazyResource[];
} {
  const places = createGeneratedPlaces(options);
  const { tenantId, subscriptions } = places;
  return {
    tenantId,
    subscriptions: subscriptions.map(({ id }, index) =>
      subscriptionBody(id, `Generated ${index + 1}`, tenantId),
    ),
    resources: [],
    lazyResources: [...toIdentities(places), ...toRegistries(places, options), ...toVaults(places, options)],
  };
}

function* toIdentities({ subscriptions, tenantId }: GeneratedPlaces): Generator<LazyResource> {
  for (const { identity } of subscriptions) {
    const body = identityBody(identity, 'westeurope', tenantId);
    yield { id: body.id, toBody: () => body };
  }
}

function* toRegistries(places: GeneratedPlaces, options: GeneratedTenantOptions): Generator<LazyResource> {
  for (let index = 0; index < options.registries; index += 1) {
    const id = places.registryId(index);
    yield { id, toBody: () => toRegistry(places, options, index) };
  }
}

function* toVaults(places: GeneratedPlaces, options: GeneratedTenantOptions): Generator<LazyResource> {
  for (let index = 0; index < places.vaults; index += 1) {
    if (!isVaultUsed(places, options, index)) continue;
    const id = places.vaultId(index);
    yield { id, toBody: () => toVault(places, options, index) };
    yield {
      id: `${id}/keys/${keyName}`,
      toBody: () => keyBody(toVault(places, options, index), { name: keyName }),
    };
    if (usesRoles(index)) yield* toAssignments(places, index, id);
  }
}

function* toAssignments(places: GeneratedPlaces, vault: number, scope: string): Generator<LazyResource> {
  for (const { principalId } of places.vaultUsers(vault)) {
    // Named after what is unique about it: hashing every name would be slow.
    const name = `${(vault + 1).toString(16).padStart(8, '0')}${principalId.slice(8)}`;
    yield {
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      toBody: () =>
        roleAssignmentBody({ scope, role: 'Key Vault Crypto Service Encryption User', principalId, name }),
    };
  }
}

/** Every other vault: the rest use access policies. */
function usesRoles(vault: number): boolean {
  return vault % 2 === 0;
}

function isVaultUsed(places: GeneratedPlaces, options: GeneratedTenantOptions, vault: number): boolean {
  const { registriesPerVault = 1, registries } = options;
  const first = vault * registriesPerVault;
  const last = Math.min(first + registriesPerVault, registries);
  for (let index = first; index < last; index += 1) if (hasKey(places, options, index)) return true;
  return false;
}

function toRegistry(places: GeneratedPlaces, options: GeneratedTenantOptions, index: number): ArmBody {
  const { group, name, location, subscription } = places.registry(index);
  const { identity } = subscription;
  const place = { subscription: subscription.id, group, name, location };
  if (!hasKey(places, options, index)) return registryBody({ ...place, sku: toSku(places, index) });
  const host = `${places.vaultName(places.vaultOf(index))}.vault.azure.net`;
  const keyIdentifier = `https://${host}/keys/${keyName}`;
  const versionedKeyIdentifier = `${keyIdentifier}/${toKeyVersion(host, keyName, 'first')}`;
  return registryBody({
    ...place,
    key: { keyIdentifier, versionedKeyIdentifier, identity: identity.clientId },
    identities: [identity],
    isPublic: false,
  });
}

function toVault(places: GeneratedPlaces, options: GeneratedTenantOptions, index: number): ArmBody {
  const { tenantId } = places;
  const { subscription, group, name, location } = places.vault(index);
  const isUnprotected = !options.ownVault && places.chance('protection', index) < 0.1;
  return vaultBody({
    tenantId,
    subscription: subscription.id,
    group,
    name,
    location,
    ...(usesRoles(index) ? {} : { readers: places.vaultUsers(index) }),
    ...(isUnprotected ? { properties: { enablePurgeProtection: undefined } } : {}),
  });
}

function hasKey(places: GeneratedPlaces, { ownVault }: GeneratedTenantOptions, index: number): boolean {
  return ownVault === true || places.chance('key', index) < 0.4;
}

/** Of a registry without a key of its owner's. */
function toSku(places: GeneratedPlaces, index: number): NonNullable<RegistryOptions['sku']> {
  const chance = places.chance('sku', index);
  if (chance < 0.4) return 'Basic';
  return chance < 0.7 ? 'Standard' : 'Premium';
}
