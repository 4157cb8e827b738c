import type { ManagedIdentity } from './managed-identity.ts';
import { toHex } from './managed-identity.ts';
import type { ArmBody } from './tenant-contents.ts';

/** Where a vault or Managed HSM lies. */
export interface HolderPlace {
  tenantId: string;
  subscription: string;
  group: string;
  name: string;
  location: string;
}

/** What a vault's body is built from. */
export interface VaultOptions extends HolderPlace {
  /** Identities that may get, wrap and unwrap by access policy; absent: the vault uses roles */
  readers?: Pick<ManagedIdentity, 'principalId'>[];
  /** Properties that differ from a vault with purge protection and 90 days of retention; undefined leaves one out */
  properties?: Record<string, unknown>;
}

/** Builds a vault's body in the shape of api version 2026-02-01. */
export function vaultBody({ readers, properties, ...place }: VaultOptions): ArmBody {
  return dropUndefined({
    id: `${place.subscription}/resourceGroups/${place.group}/providers/Microsoft.KeyVault/vaults/${place.name}`,
    name: place.name,
    type: 'Microsoft.KeyVault/vaults',
    location: place.location,
    tags: {},
    systemData: systemData(),
    properties: {
      sku: { family: 'A', name: 'standard' },
      tenantId: place.tenantId,
      accessPolicies: (readers ?? []).map((reader) => accessPolicy(place.tenantId, reader)),
      enabledForDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: readers === undefined,
      enablePurgeProtection: true,
      vaultUri: `https://${place.name}.vault.azure.net/`,
      provisioningState: 'Succeeded',
      publicNetworkAccess: 'Enabled',
      ...properties,
    },
  });
}

/** Builds a Managed HSM's body, activated and with purge protection, in the shape of api version 2026-02-01. */
export function managedHsmBody(place: HolderPlace, properties: Record<string, unknown> = {}): ArmBody {
  return dropUndefined({
    sku: { family: 'B', name: 'Standard_B1' },
    id: `${place.subscription}/resourceGroups/${place.group}/providers/Microsoft.KeyVault/managedHSMs/${place.name}`,
    name: place.name,
    type: 'Microsoft.KeyVault/managedHSMs',
    location: place.location,
    tags: {},
    systemData: systemData(),
    properties: {
      tenantId: place.tenantId,
      hsmUri: `https://${place.name}.managedhsm.azure.net/`,
      initialAdminObjectIds: ['1f2a6d34-0b7e-4c19-8a55-d6e3904b7c12'],
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
      provisioningState: 'Succeeded',
      statusMessage: 'The Managed HSM is provisioned and ready to use.',
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] },
      publicNetworkAccess: 'Enabled',
      regions: [],
      securityDomainProperties: {
        activationStatus: 'Active',
        activationStatusMessage: 'Your HSM has been activated and can be used for cryptographic operations.',
      },
      ...properties,
    },
  });
}

/** What the body of a key is built from. */
export interface KeyOptions {
  name: string;
  /** Words that its version's name follows from */
  version?: string;
  /** Its `attributes` where they differ from an enabled key without end; times in epoch seconds */
  attributes?: Record<string, unknown>;
}

/** Builds the body of a key in a vault or Managed HSM, as its newest version shows it. */
export function keyBody(holder: ArmBody, { name, version = 'first', attributes }: KeyOptions): ArmBody {
  const { vaultUri, hsmUri } = holder.properties ?? {};
  const host = new URL(String(vaultUri ?? hsmUri)).hostname;
  const isHsm = hsmUri !== undefined;
  // Resource Manager writes the port into the URIs of a vault's keys.
  const keyUri = `https://${host}:443/keys/${name}`;
  return {
    id: `${holder.id}/keys/${name}`,
    name,
    type: `${holder.type}/keys`,
    ...(isHsm ? {} : { location: holder.location }),
    properties: {
      attributes: {
        enabled: true,
        created: 1_741_684_500,
        updated: 1_741_684_500,
        recoveryLevel: 'Recoverable',
        ...attributes,
      },
      kty: isHsm ? 'RSA-HSM' : 'RSA',
      keyOps: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
      keySize: 3072,
      keyUri,
      keyUriWithVersion: `${keyUri}/${toKeyVersion(host, name, version)}`,
    },
  };
}

/** Builds the body of an older version of a key. */
export function keyVersionBody(key: ArmBody, version: string, attributes: Record<string, unknown>): ArmBody {
  const { keyUri, attributes: newest } = key.properties ?? {};
  const name = toKeyVersion(new URL(String(keyUri)).hostname, String(key.name), version);
  return {
    ...key,
    id: `${key.id}/versions/${name}`,
    name,
    type: `${key.type}/versions`,
    properties: {
      ...key.properties,
      attributes: { ...(newest as object), ...attributes },
      keyUriWithVersion: `${keyUri}/${name}`,
    },
  };
}

/** The name of a key's version, made up from the words that describe it. */
export function toKeyVersion(host: string, name: string, version: string): string {
  return toHex(`${host} ${name} ${version}`);
}

function accessPolicy(tenantId: string, { principalId }: Pick<ManagedIdentity, 'principalId'>) {
  return { tenantId, objectId: principalId, permissions: { keys: ['get', 'unwrapKey', 'wrapKey'] } };
}

function systemData(): Record<string, string> {
  const at = '2025-03-11T08:52:10.117Z';
  const by = 'kim.doe@contoso.example';
  return {
    createdBy: by,
    createdByType: 'User',
    createdAt: at,
    lastModifiedBy: by,
    lastModifiedByType: 'User',
    lastModifiedAt: at,
  };
}

function dropUndefined(body: ArmBody): ArmBody {
  const properties = Object.entries(body.properties ?? {}).filter(([, value]) => value !== undefined);
  return { ...body, properties: Object.fromEntries(properties) };
}
