import * as z from 'zod';
import type {
  AccessPolicy,
  DeletedKeyHolder,
  FoundKeyHolder,
  HolderNetwork,
} from '../domain/estate/key-holder.ts';
import type { HolderKind } from '../domain/estate/key-identifier.ts';
import type { DeletedHolderLocation } from '../domain/estate/places.ts';
import { toPresent } from '../domain/estate/present.ts';
import type { Reading } from '../domain/estate/reading.ts';
import { isSameId, type ResourceId } from '../domain/estate/resource-id.ts';
import { asWritten, lacking, list, optionalBag, parse, text, texts } from './fields.ts';

const NetworkRules = z.object({
  bypass: text,
  defaultAction: text,
  ipRules: list,
  virtualNetworkRules: list,
});

const KeyHolderBody = z.object({
  id: text,
  location: text,
  properties: z.object({
    vaultUri: text,
    hsmUri: text,
    provisioningState: text,
    enableSoftDelete: asWritten,
    enablePurgeProtection: asWritten,
    softDeleteRetentionInDays: asWritten,
    scheduledPurgeDate: text,
    tenantId: text,
    enableRbacAuthorization: asWritten,
    accessPolicies: list,
    publicNetworkAccess: text,
    networkAcls: asWritten,
    privateEndpointConnections: list,
    regions: asWritten,
    securityDomainProperties: optionalBag.pipe(z.object({ activationStatus: text })),
  }),
});

const AccessPolicyBody = z.object({
  objectId: text,
  tenantId: text,
  applicationId: text,
  permissions: z.unknown().optional(),
});
const RegionBody = z.object({ name: z.string() });

const DeletedKeyHolderBody = z.object({
  properties: z.object({
    vaultId: text,
    mhsmId: text,
    location: text,
    deletionDate: text,
    scheduledPurgeDate: text,
    purgeProtectionEnabled: asWritten,
  }),
});

const leavingStates = new Set(['partiallydeleted', 'deleting', 'deleted']);

/** Reads the body of a vault or Managed HSM. */
export function toKeyHolder(
  body: unknown,
  reading: Reading,
  expected: ResourceId,
): FoundKeyHolder | DeletedKeyHolder {
  const { id = expected.id, location, properties } = parse(KeyHolderBody, body, reading);
  if (!isSameId(id, expected.id)) throw lacking(reading, 'its own id');
  const kind = expected.kind as HolderKind;
  const base = { kind, id, name: expected.name, ...toPresent({ location }), readings: [reading] };
  const state = properties.provisioningState;
  if (kind === 'managedHsm' && state && leavingStates.has(state.toLowerCase())) {
    return {
      ...base,
      state: 'deleted',
      ...toPresent({
        purgeProtection: properties.enablePurgeProtection,
        scheduledPurgeAt: properties.scheduledPurgeDate,
      }),
    };
  }
  return {
    ...base,
    state: 'found',
    ...toPresent({
      uri: kind === 'vault' ? properties.vaultUri : properties.hsmUri,
      provisioningState: state,
      softDelete: properties.enableSoftDelete,
      purgeProtection: properties.enablePurgeProtection,
      retentionDays: properties.softDeleteRetentionInDays,
      tenantId: properties.tenantId,
      rbacAuthorization: properties.enableRbacAuthorization,
      accessPolicies: properties.accessPolicies?.filter((entry) => entry !== null).map(toAccessPolicy),
      activationStatus: properties.securityDomainProperties.activationStatus,
    }),
    network: toNetwork(properties),
    regions: toRegions(properties.regions),
  };
}

/** What is no region is kept as JSON, so that it is none that is known. */
function toRegions(body: unknown): string[] {
  if (body === undefined) return [];
  return (list.parse(body) ?? [body]).map(
    (region) => RegionBody.safeParse(region).data?.name ?? JSON.stringify(region),
  );
}

/** Of an entry that is no object nothing is known: neither whose it is nor what it grants. */
function toAccessPolicy(entry: unknown): AccessPolicy {
  const parsed = AccessPolicyBody.safeParse(entry);
  if (!parsed.success) return {};
  const { permissions, ...who } = parsed.data;
  return { ...toPresent(who), ...toPresent({ keys: toKeyPermissions(permissions) }) };
}

/** An entry without permissions, or without any on keys, grants none. */
function toKeyPermissions(permissions: unknown): string[] | undefined {
  if (permissions === undefined || permissions === null) return [];
  const { keys } = z.object({ keys: asWritten }).safeParse(permissions).data ?? { keys: permissions };
  if (keys === undefined) return [];
  return texts.parse(keys)?.map((key) => key.toLowerCase());
}

function toNetwork({
  publicNetworkAccess,
  networkAcls,
  privateEndpointConnections,
}: z.infer<typeof KeyHolderBody>['properties']): HolderNetwork {
  const { bypass, defaultAction, ipRules, virtualNetworkRules } = toNetworkRules(networkAcls);
  return {
    ...toPresent({ publicNetworkAccess, bypass, defaultAction }),
    hasRules: networkAcls !== undefined,
    addressRules: ipRules?.length ?? 0,
    subnetRules: virtualNetworkRules?.length ?? 0,
    privateEndpoints: privateEndpointConnections?.length ?? 0,
  };
}

/** Rules that are no object say nothing: their bypass is no known word then. */
function toNetworkRules(body: unknown): Partial<z.infer<typeof NetworkRules>> {
  if (body === undefined) return {};
  return NetworkRules.safeParse(body).data ?? { bypass: JSON.stringify(body) };
}

/** Reads the body of a soft-deleted vault or Managed HSM. */
export function toDeletedKeyHolder(
  body: unknown,
  reading: Reading,
  where: DeletedHolderLocation,
): DeletedKeyHolder {
  const { properties } = parse(DeletedKeyHolderBody, body, reading);
  return {
    state: 'deleted',
    kind: where.kind,
    name: where.name,
    location: properties.location ?? where.location,
    ...toPresent({
      id: properties.vaultId ?? properties.mhsmId,
      purgeProtection: properties.purgeProtectionEnabled,
      deletedAt: properties.deletionDate,
      scheduledPurgeAt: properties.scheduledPurgeDate,
    }),
    readings: [reading],
  };
}
