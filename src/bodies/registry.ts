import * as z from 'zod';
import { toPresent } from '../domain/estate/present.ts';
import type { Reading } from '../domain/estate/reading.ts';
import type { Encryption, Registry, RegistryIdentity } from '../domain/estate/registry.ts';
import { isSameId, parseRegistryId, type ResourceId } from '../domain/estate/resource-id.ts';
import { flag, lacking, optionalBag, parse, text } from './fields.ts';

const RegistryBody = z.object({
  id: z.string(),
  location: text,
  sku: optionalBag,
  identity: z.unknown().optional(),
  properties: z.object({
    creationDate: text,
    provisioningState: text,
    encryption: z.unknown().optional(),
    publicNetworkAccess: text,
    networkRuleSet: optionalBag.pipe(z.object({ defaultAction: text })),
  }),
});

const EncryptionBody = z.object({
  status: text,
  keyVaultProperties: optionalBag.pipe(
    z.object({
      keyIdentifier: text,
      versionedKeyIdentifier: text,
      identity: text,
      keyRotationEnabled: flag,
      lastKeyRotationTimestamp: text,
    }),
  ),
});

const IdentityBody = z.object({
  type: text,
  principalId: text,
  tenantId: text,
  userAssignedIdentities: z.unknown().optional(),
});
const UserAssignedIdentityBody = optionalBag.pipe(z.object({ clientId: text, principalId: text }));

/** Reads the body of a registry; throws {@link ReadFailure} for one that lacks what it must have, or is of another registry. */
export function toRegistry(body: unknown, reading: Reading, expected?: ResourceId): Registry {
  const { id, location, sku, identity, properties } = parse(RegistryBody, body, reading);
  const parsedId = parseRegistryId(id);
  if (!parsedId || (expected && !isSameId(parsedId.id, expected.id))) throw lacking(reading, 'its own id');
  return {
    id: parsedId,
    location: location ?? '',
    ...toPresent({
      sku: text.parse(sku.name ?? sku.tier),
      createdAt: toTime(properties.creationDate),
      provisioningState: properties.provisioningState,
      encryption: toEncryption(properties.encryption),
      identity: toIdentity(identity),
      publicNetworkAccess: properties.publicNetworkAccess,
      networkDefaultAction: properties.networkRuleSet.defaultAction,
    }),
    reading,
  };
}

const timePattern = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/;

/** A time in milliseconds, as all times of ours; what is no time with a zone stays as Azure wrote it. */
function toTime(text: string | undefined): string | undefined {
  const time = timePattern.test(text ?? '') ? Date.parse(text ?? '') : Number.NaN;
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

function toEncryption(body: unknown): Encryption | undefined {
  if (body === undefined || body === null) return undefined;
  const parsed = EncryptionBody.safeParse(body);
  if (!parsed.success) return { status: JSON.stringify(body) };
  const { lastKeyRotationTimestamp: lastKeyRotation, ...key } = parsed.data.keyVaultProperties;
  return toPresent({ status: parsed.data.status, ...key, lastKeyRotation });
}

function toIdentity(body: unknown): RegistryIdentity | undefined {
  if (body === undefined || body === null) return undefined;
  const { userAssignedIdentities, ...identity } = IdentityBody.safeParse(body).data ?? {};
  return { ...toPresent(identity), ...toUserAssigned(userAssignedIdentities) };
}

function toUserAssigned(body: unknown): Pick<RegistryIdentity, 'userAssigned'> {
  const identities = z.record(z.string(), UserAssignedIdentityBody).safeParse(body);
  if (!identities.success) return {};
  return { userAssigned: Object.entries(identities.data).map(([id, one]) => ({ id, ...toPresent(one) })) };
}
