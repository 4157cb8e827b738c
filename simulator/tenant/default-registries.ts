import { identities, subscriptions } from './default-places.ts';
import { toKeyVersion } from './key-holder-body.ts';
import type { ManagedIdentity } from './managed-identity.ts';
import { type RegistryKey, type RegistryOptions, registryBody, withoutEncryption } from './registry-body.ts';
import type { ArmBody } from './tenant-contents.ts';

type Rest = Omit<RegistryOptions, 'subscription' | 'group' | 'location'> &
  Partial<Pick<RegistryOptions, 'location'>>;

/** The registries of the default tenant: every outcome that the monitor can come to is among them. */
export function defaultRegistries(): ArmBody[] {
  return [...platform(), ...retail(), ...data(), ...development(), ...fabrikam()];
}

function platform(): ArmBody[] {
  const registry = at({
    subscription: subscriptions.platform,
    group: 'rg-images-weu',
    location: 'westeurope',
  });
  const shared = byKey('kv-acr-platform-weu.vault.azure.net', 'acr-cmk', identities.platform);
  const north = byKey('kv-acr-platform-neu.vault.azure.net', 'acr-cmk', identities.platform);
  const pinned = byKey('kv-acr-platform-neu.vault.azure.net', 'acr-pinned', identities.platform);
  return [
    registry({ name: 'acrplatformprod', ...shared, isPublic: false }),
    registry({ name: 'acrplatformbase', ...shared, isPublic: false }),
    registry({ name: 'acrplatformcharts', ...shared }),
    registry({ name: 'acrplatformedge', ...shared }),
    // Its vault is there, but the key was deleted.
    registry({
      name: 'acrplatformlostkey',
      ...byKey('kv-acr-platform-weu.vault.azure.net', 'acr-lost', identities.platform),
    }),
    // Another region than its vault's.
    registry({ name: 'acrplatformus', ...shared, location: 'eastus' }),
    // The key identifier as someone typed it.
    registry({ name: 'acrPlatformNorth', location: 'northeurope', ...typedOddly(north) }),
    registry({ name: 'acrplatformpinned', location: 'northeurope', ...pinTo(pinned, 'first') }),
    registry({
      name: 'acrplatformescrow',
      ...byKey('kv-platform-escrow.vault.azure.net', 'escrow', identities.platform),
    }),
    registry({
      name: 'acrplatformroot',
      ...byKey('kv-contoso-root.vault.azure.net', 'images', identities.platform),
    }),
    registry({ name: 'acrplatformmirror' }),
    registry({ name: 'acrplatformbuild', identities: 'system' }),
    registry({ name: 'acrplatformtools', sku: 'Standard' }),
    withoutEncryption(registry({ name: 'acrplatformlegacy', createdAt: '2018-06-04T12:30:11.1234567Z' })),
  ];
}

function retail(): ArmBody[] {
  const registry = at({
    subscription: subscriptions.retail,
    group: 'rg-retail-registries',
    location: 'eastus',
  });
  const images = byKey('kv-retail-images.vault.azure.net', 'retail-images', identities.retail);
  const legacy = byKey('kv-retail-legacy.vault.azure.net', 'retail-legacy', identities.retail);
  const core = byKey('kv-retail-core.vault.azure.net', 'retail-core', identities.retail);
  return [
    registry({ name: 'acrretailwarehouse', ...core, isPublic: false }),
    registry({ name: 'acrretailloyalty', ...core }),
    registry({ name: 'acrretailweb', ...images }),
    registry({ name: 'acrretailpos', ...images }),
    registry({ name: 'acrretaillegacy', location: 'eastus2', ...legacy }),
    registry({
      name: 'acrretailseasonal',
      ...byKey('kv-retail-seasonal.vault.azure.net', 'retail-seasonal', identities.retail),
    }),
    registry({
      name: 'acrretailpopup',
      ...byKey('kv-retail-popup.vault.azure.net', 'retail-popup', identities.retail),
    }),
    registry({
      name: 'acrretailarchive',
      ...byKey('kv-retail-archive.vault.azure.net', 'archive', identities.retail),
    }),
    registry({
      name: 'acrretailpilot',
      ...byKey('kv-retail-pilot.vault.azure.net', 'pilot', identities.retail),
    }),
    // No vault of that name exists anywhere.
    registry({
      name: 'acrretailorphan',
      ...byKey('kv-retail-closed.vault.azure.net', 'images', identities.retail),
    }),
    registry({
      name: 'acrretailpartner',
      ...byKey('kv-fabrikam-images.vault.azure.net', 'images', identities.retail),
    }),
    registry({ name: 'acrRetailShop', sku: 'Basic' }),
    registry({ name: 'acrretailkiosk', sku: 'Standard' }),
    // A registry that is being created may claim to have no key of its own.
    registry({ name: 'acrretailnew', state: 'Creating' }),
    registry({ name: 'acrretailbroken', state: 'Failed' }),
  ];
}

function data(): ArmBody[] {
  const registry = at({ subscription: subscriptions.data, group: 'rg-data-registries', location: 'westus3' });
  const tools = byKey('kv-data-lake.vault.azure.net', 'lake-tools', identities.data);
  const byRole = (key: string) => byKey('kv-data-roles.vault.azure.net', key, identities.data);
  const detached = byKey('kv-data-lake.vault.azure.net', 'lake-tools', identities.detached);
  return [
    registry({ name: 'acrdataml', ...byKey('kv-data-ml.vault.azure.net', 'ml-images', identities.data) }),
    registry({
      name: 'acrdatalake',
      ...byKey('kv-data-lake.vault.azure.net', 'lake-images', identities.data),
    }),
    registry({ name: 'acrdatatools', ...tools, isPublic: false }),
    registry({
      name: 'acrdatawalled',
      ...byKey('kv-data-walled.vault.azure.net', 'walled-images', identities.data),
    }),
    registry({ name: 'acrdatakeyrole', ...byRole('by-key-role') }),
    registry({ name: 'acrdatacustomrole', ...byRole('by-custom-role') }),
    registry({ name: 'acrdatabygroup', ...byRole('by-group') }),
    registry({ name: 'acrdatanoaccess', ...byRole('by-nobody') }),
    registry({
      name: 'acrdatahsm',
      ...byKey('hsm-contoso-data.managedhsm.azure.net', 'acr-root', identities.data),
      isPublic: false,
    }),
    registry({
      name: 'acrdatalab',
      location: 'westus2',
      ...byKey('hsm-data-lab.managedhsm.azure.net', 'acr-lab', identities.data),
    }),
    registry({
      name: 'acrdataretired',
      location: 'westus2',
      ...byKey('hsm-data-retired.managedhsm.azure.net', 'acr', identities.data),
    }),
    registry({ name: 'acrdatasystem', key: { ...tools.key, identity: 'system' }, identities: 'system' }),
    registry({ name: 'acrdatadetached', key: detached.key, identities: [identities.data] }),
    registry({ name: 'acrdatascience', sku: 'Basic' }),
  ];
}

function development(): ArmBody[] {
  const registry = at({ subscription: subscriptions.development, group: 'rg-dev', location: 'northeurope' });
  return [
    registry({ name: 'acrdevteam1', sku: 'Basic' }),
    registry({ name: 'acrdevteam2', sku: 'Basic' }),
    registry({ name: 'acrdevci', sku: 'Standard' }),
    registry({ name: 'acrdevpreview' }),
    registry({
      name: 'acrdevshared',
      ...byKey('kv-dev-shared.vault.azure.net', 'dev-images', identities.development),
    }),
  ];
}

/** In a subscription whose registries the monitor may not read. */
function fabrikam(): ArmBody[] {
  const registry = at({ subscription: subscriptions.fabrikam, group: 'rg-images', location: 'uksouth' });
  return [registry({ name: 'fabrikamimages' }), registry({ name: 'fabrikamtools', sku: 'Basic' })];
}

function at(place: Pick<RegistryOptions, 'subscription' | 'group' | 'location'>): (rest: Rest) => ArmBody {
  return (rest) => registryBody({ ...place, ...rest });
}

function byKey(
  host: string,
  name: string,
  identity: ManagedIdentity,
): { key: RegistryKey; identities: ManagedIdentity[] } {
  const keyIdentifier = `https://${host}/keys/${name}`;
  const versionedKeyIdentifier = `${keyIdentifier}/${toKeyVersion(host, name, 'first')}`;
  return {
    key: { keyIdentifier, versionedKeyIdentifier, identity: identity.clientId },
    identities: [identity],
  };
}

function pinTo(use: ReturnType<typeof byKey>, version: string): ReturnType<typeof byKey> {
  const { hostname, pathname } = new URL(use.key.keyIdentifier);
  const pinned = `${use.key.keyIdentifier}/${toKeyVersion(hostname, pathname.slice('/keys/'.length), version)}`;
  return { ...use, key: { ...use.key, keyIdentifier: pinned, versionedKeyIdentifier: pinned } };
}

function typedOddly(use: ReturnType<typeof byKey>): ReturnType<typeof byKey> {
  const { hostname, pathname } = new URL(use.key.keyIdentifier);
  return { ...use, key: { ...use.key, keyIdentifier: `https://${hostname.toUpperCase()}:443${pathname}/` } };
}
