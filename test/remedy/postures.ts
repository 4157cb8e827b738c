import type { FoundKeyVersion } from '../../src/domain/estate/key.ts';
import type { FoundKeyHolder, KeyHolder } from '../../src/domain/estate/key-holder.ts';
import type { Posture } from '../../src/domain/estate/posture.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';
import type { Encryption, Registry, RegistryIdentity } from '../../src/domain/estate/registry.ts';

/** Names of everything in a posture; each may be as odd as one likes. */
export const names = {
  registry: 'acrimages',
  registryGroup: 'rg-images',
  registrySubscription: '6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b',
  registryLocation: 'westeurope',
  keyHolder: 'kv-images',
  keyHolderGroup: 'rg-keys',
  keyHolderSubscription: '7a2e3d4c-5b6a-4f79-8c8b-1d2e3f4a5b6c',
  keyHolderLocation: 'northeurope',
  suffix: '',
  key: 'acr-cmk',
  identityId:
    '/subscriptions/6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b/resourcegroups/rg-images/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-images',
};
/** {@link names}, or others. */
type Names = typeof names;

/** Ids that a posture tells beside its names. */
export const ids = {
  tenant: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
  client: '7d0c1f52-93ab-4c0e-8f11-2a6b5e4d3c21',
  principal: '3c5e7a91-0b2d-4f68-a1c3-e5f7092b4d6e',
  systemPrincipal: '9b8a7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d',
  version: '0123456789abcdef0123456789abcdef',
};

/** The kinds of key holder: who may use its keys is told in another way in each. */
export const holders = ['rbacVault', 'policyVault', 'managedHsm'] as const;
/** States of a key holder. */
export const states = ['found', 'deleted', 'absent', 'unreadable'] as const;
/** What the registry's encryption identity is. */
export const identities = ['user', 'system', 'detachedUser', 'detachedSystem', 'unknown'] as const;

/** What a posture is like. */
export interface Likeness {
  holder?: (typeof holders)[number];
  state?: (typeof states)[number];
  identity?: (typeof identities)[number];
  isPinned?: boolean;
  key?: Partial<FoundKeyVersion>;
  found?: Partial<FoundKeyHolder>;
  registry?: Partial<Registry>;
  names?: Partial<Names>;
}

const at = '2026-08-01T06:00:00.000Z';
const readings: Reading[] = [
  { what: 'registry', id: 'any', at, from: 'GET https://arm.example/any', status: 200 },
];

/** A posture of a registry whose key lies in another subscription. */
export function postureOf(likeness: Likeness = {}): Posture {
  const { holder = 'rbacVault', state = 'found', identity = 'user', isPinned = false } = likeness;
  const own = { ...names, ...likeness.names };
  const host = `${own.keyHolder}.${holder === 'managedHsm' ? 'managedhsm' : 'vault'}.azure.net${own.suffix}`;
  const keyIdentifier = `https://${host}/keys/${own.key}`;
  const versionedKeyIdentifier = `${keyIdentifier}/${ids.version}`;
  const encryption: Encryption = {
    status: 'enabled',
    keyIdentifier: isPinned ? versionedKeyIdentifier : keyIdentifier,
    versionedKeyIdentifier,
    ...toEncryptionIdentity(identity),
  };
  const registryId = toId(
    own.registrySubscription,
    own.registryGroup,
    `Microsoft.ContainerRegistry/registries/${own.registry}`,
  );
  const attached = toIdentities(identity, own.identityId);
  const version: FoundKeyVersion = {
    state: 'found',
    version: ids.version,
    attributes: { enabled: true, created: 1_700_000_000 },
    kty: holder === 'managedHsm' ? 'RSA-HSM' : 'RSA',
    keyOps: ['wrapKey', 'unwrapKey', 'encrypt'],
    keySize: 3072,
    readings,
    ...likeness.key,
  };
  return {
    registry: {
      id: {
        kind: 'registry',
        id: registryId,
        subscriptionId: own.registrySubscription,
        resourceGroup: own.registryGroup,
        name: own.registry,
      },
      location: own.registryLocation,
      sku: 'Premium',
      encryption,
      ...(attached ? { identity: attached } : {}),
      reading: { ...readings[0], id: registryId } as Reading,
      ...likeness.registry,
    },
    keyHolder: toHolder({ holder, state, own, found: likeness.found }),
    ...(state === 'found'
      ? { key: isPinned ? { inUse: version } : { inUse: version, newest: version } }
      : {}),
  };
}

/** A posture of a registry without a customer-managed key. */
export function plainPosture(registry: Partial<Registry> = {}): Posture {
  const { registry: keyed } = postureOf();
  const { identity: _identity, ...rest } = keyed;
  return { registry: { ...rest, sku: 'Standard', encryption: { status: 'disabled' }, ...registry } };
}

function toEncryptionIdentity(identity: (typeof identities)[number]): Pick<Encryption, 'identity'> {
  if (identity === 'unknown') return {};
  return { identity: identity === 'system' || identity === 'detachedSystem' ? 'system' : ids.client };
}

function toIdentities(identity: (typeof identities)[number], id: string): RegistryIdentity | undefined {
  switch (identity) {
    case 'user':
      return {
        type: 'userAssigned',
        tenantId: ids.tenant,
        userAssigned: [{ id, clientId: ids.client, principalId: ids.principal }],
      };
    case 'system':
      return { type: 'systemAssigned', tenantId: ids.tenant, principalId: ids.systemPrincipal };
    default:
      return undefined;
  }
}

interface HolderLikeness extends Required<Pick<Likeness, 'holder' | 'state'>> {
  own: Names;
  found: Likeness['found'];
}

function toHolder({ holder, state, own, found }: HolderLikeness): KeyHolder {
  const isHsm = holder === 'managedHsm';
  const id = toId(
    own.keyHolderSubscription,
    own.keyHolderGroup,
    `Microsoft.KeyVault/${isHsm ? 'managedHSMs' : 'vaults'}/${own.keyHolder}`,
  );
  const kind = isHsm ? 'managedHsm' : 'vault';
  const base = { kind, id, name: own.keyHolder, location: own.keyHolderLocation, readings } as const;
  switch (state) {
    case 'found':
      return {
        state,
        ...base,
        tenantId: ids.tenant,
        ...(isHsm ? {} : { rbacAuthorization: holder === 'rbacVault' }),
        ...(holder === 'policyVault'
          ? { accessPolicies: [{ objectId: ids.principal, tenantId: ids.tenant, keys: ['list'] }] }
          : {}),
        network: { hasRules: false, addressRules: 0, subnetRules: 0, privateEndpoints: 0 },
        regions: [],
        ...found,
      };
    case 'deleted':
      return { state, ...base, scheduledPurgeAt: '2026-10-01T00:00:00Z' };
    case 'absent':
      return { state, readings };
    case 'unreadable':
      return { state, reason: 'key_holder_not_visible', readings };
  }
}

function toId(subscription: string, group: string, rest: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${rest}`;
}
