import { identities, subscriptions, tenantId } from './default-places.ts';
import { toDeletedHolder } from './deleted-holder.ts';
import { type KeyOptions, keyBody, keyVersionBody, managedHsmBody, vaultBody } from './key-holder-body.ts';
import { systemPrincipalId } from './registry-body.ts';
import type { ArmBody } from './tenant-contents.ts';

const day = 24 * 60 * 60;

/** The vaults and Managed HSMs of the default tenant with their keys, live and soft-deleted; times follow from `now`. */
export function defaultKeyHolders(now: Date): ArmBody[] {
  const seconds = Math.floor(now.getTime() / 1000);
  return [
    ...platformHolders(seconds),
    ...retailHolders(seconds),
    ...dataHolders(seconds),
    ...otherHolders(),
    ...deleted(now),
  ];
}

const inPlatform = { tenantId, subscription: subscriptions.platform, group: 'rg-images-weu' };
const inRetail = { tenantId, subscription: subscriptions.retail, group: 'rg-retail-keys' };
const inData = { tenantId, subscription: subscriptions.data, group: 'rg-data-keys' };

function platformHolders(seconds: number): ArmBody[] {
  const shared = vaultBody({
    ...inPlatform,
    name: 'kv-acr-platform-weu',
    location: 'westeurope',
    readers: [identities.platform],
  });
  const north = vaultBody({
    ...inPlatform,
    group: 'rg-images-neu',
    name: 'KV-acr-platform-NEU',
    location: 'northeurope',
    // As some vaults answer them: without trailing slash, the SKU with a capital.
    properties: {
      vaultUri: 'https://kv-acr-platform-neu.vault.azure.net',
      sku: { family: 'A', name: 'Premium' },
    },
  });
  const pinned = keyBody(north, { name: 'acr-pinned', version: 'second' });
  return [
    ...withKeys(shared, { name: 'acr-cmk', attributes: { exp: seconds + 400 * day } }),
    ...withKeys(north, { name: 'acr-cmk' }),
    pinned,
    keyVersionBody(pinned, 'first', { created: seconds - 500 * day, updated: seconds - 500 * day }),
    // Found by every list, refused when read by itself: see the default tenant's unreadable scopes.
    vaultBody({ ...inPlatform, name: 'kv-platform-escrow', location: 'westeurope' }),
  ];
}

function retailHolders(seconds: number): ArmBody[] {
  const readers = [identities.retail];
  const images = vaultBody({
    ...inRetail,
    name: 'kv-retail-images',
    location: 'eastus',
    readers,
    properties: { enablePurgeProtection: undefined, enableRbacAuthorization: undefined },
  });
  const legacy = vaultBody({
    ...inRetail,
    name: 'kv-retail-legacy',
    location: 'East US 2',
    readers,
    properties: {
      enableSoftDelete: false,
      enablePurgeProtection: undefined,
      enableRbacAuthorization: undefined,
    },
  });
  const seasonal = vaultBody({ ...inRetail, name: 'kv-retail-seasonal', location: 'eastus', readers });
  const popUp = vaultBody({
    ...inRetail,
    name: 'kv-retail-popup',
    location: 'eastus',
    readers,
    properties: { softDeleteRetentionInDays: 7 },
  });
  const core = vaultBody({ ...inRetail, name: 'kv-retail-core', location: 'eastus' });
  return [
    ...withKeys(images, { name: 'retail-images' }),
    ...withKeys(legacy, { name: 'retail-legacy' }),
    ...withKeys(seasonal, { name: 'retail-seasonal', attributes: { exp: seconds + 10 * day } }),
    ...withKeys(popUp, { name: 'retail-popup' }),
    ...withKeys(core, { name: 'retail-core' }),
  ];
}

function dataHolders(seconds: number): ArmBody[] {
  const closed = {
    bypass: 'None',
    defaultAction: 'Deny',
    ipRules: [{ value: '203.0.113.0/24' }],
    virtualNetworkRules: [],
  };
  const open = { ...closed, bypass: 'AzureServices' };
  const ml = vaultBody({
    ...inData,
    name: 'kv-data-ml',
    location: 'westus3',
    properties: { networkAcls: open },
  });
  const lake = vaultBody({
    ...inData,
    name: 'kv-data-lake',
    location: 'westus3',
    readers: [identities.data, identities.detached, { principalId: systemPrincipalId('acrdatasystem') }],
    properties: { networkAcls: open },
  });
  const walled = vaultBody({
    ...inData,
    name: 'kv-data-walled',
    location: 'westus3',
    properties: { networkAcls: closed },
  });
  // Who reaches which of its keys: see the default tenant's role assignments.
  const roles = vaultBody({ ...inData, name: 'kv-data-roles', location: 'westus3' });
  const hsm = managedHsmBody({ ...inData, name: 'hsm-contoso-data', location: 'westus3' });
  const labHsm = managedHsmBody(
    { ...inData, name: 'hsm-data-lab', location: 'westus2' },
    { enablePurgeProtection: false, softDeleteRetentionInDays: 7 },
  );
  const retiredHsm = managedHsmBody(
    { ...inData, name: 'hsm-data-retired', location: 'westus2' },
    {
      provisioningState: 'PartiallyDeleted',
      statusMessage: 'Resource creation in progress. Allocating hardware...',
      enablePurgeProtection: false,
      securityDomainProperties: undefined,
    },
  );
  return [
    ...withKeys(ml, { name: 'ml-images', attributes: { enabled: false } }),
    ...withKeys(
      lake,
      { name: 'lake-images', attributes: { exp: seconds - 3 * day } },
      { name: 'lake-tools' },
    ),
    ...withKeys(walled, { name: 'walled-images' }),
    ...withKeys(
      roles,
      { name: 'by-key-role' },
      { name: 'by-custom-role' },
      { name: 'by-group' },
      { name: 'by-nobody' },
    ),
    ...withKeys(hsm, { name: 'acr-root' }),
    ...withKeys(labHsm, { name: 'acr-lab' }),
    retiredHsm,
  ];
}

function otherHolders(): ArmBody[] {
  const development = vaultBody({
    tenantId,
    subscription: subscriptions.development,
    group: 'rg-dev',
    name: 'kv-dev-shared',
    location: 'northeurope',
    readers: [identities.development],
    properties: { publicNetworkAccess: 'SecuredByPerimeter' },
  });
  return [
    ...withKeys(development, { name: 'dev-images' }),
    vaultBody({
      tenantId,
      subscription: subscriptions.fabrikam,
      group: 'rg-images',
      name: 'kv-fabrikam-images',
      location: 'uksouth',
    }),
    vaultBody({
      tenantId,
      subscription: subscriptions.security,
      group: 'rg-root-keys',
      name: 'kv-contoso-root',
      location: 'westeurope',
    }),
  ];
}

/** Vaults that were live until some days ago. */
function deleted(now: Date): ArmBody[] {
  const at = new Date(now.getTime() - 5 * day * 1000);
  const archive = vaultBody({ ...inRetail, name: 'kv-retail-archive', location: 'eastus' });
  const pilot = vaultBody({
    ...inRetail,
    name: 'kv-retail-pilot',
    location: 'eastus2',
    properties: { enablePurgeProtection: undefined },
  });
  return [archive, pilot].flatMap((body) => toDeletedHolder(body, 'vaults', at) ?? []);
}

function withKeys(holder: ArmBody, ...keys: KeyOptions[]): ArmBody[] {
  return [holder, ...keys.map((key) => keyBody(holder, key))];
}
