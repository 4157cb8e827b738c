import { z } from 'zod';
import type { DeletedKeyHolder, FoundKeyHolder } from '../domain/key-holder.ts';
import { toPresent } from '../domain/present.ts';
import type { Reading } from '../domain/reading.ts';
import type { Encryption, Registry } from '../domain/registry.ts';
import { isSameId, parseRegistryId, parseResourceId, type ResourceId } from '../domain/resource-id.ts';
import {
  type DeletedHolderLocation,
  type HolderKind,
  type HolderLocation,
  ReadFailure,
  type Subscription,
} from '../monitor/ports.ts';

/** A field that should be text: what is neither text nor absent is kept as JSON, so that it is no known word. */
const text = z
  .unknown()
  .optional()
  .transform((value) => {
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
const flag = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'boolean' ? value : undefined));
/** A field that is kept as Azure wrote it; null counts as absent. */
const asWritten = z
  .unknown()
  .optional()
  .transform((value) => value ?? undefined);
const bag = z.record(z.string(), z.unknown());
const optionalBag = z
  .unknown()
  .optional()
  .transform((value) => bag.safeParse(value).data ?? {});

const RegistryBody = z.object({
  id: z.string(),
  location: text,
  sku: optionalBag,
  properties: z.object({ creationDate: text, provisioningState: text, encryption: z.unknown().optional() }),
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

const KeyHolderBody = z.object({
  id: text,
  location: text,
  properties: z.object({
    vaultUri: text,
    hsmUri: text,
    provisioningState: text,
    enableSoftDelete: asWritten,
    enablePurgeProtection: asWritten,
    softDeleteRetentionInDays: z
      .unknown()
      .optional()
      .transform((days) => (typeof days === 'number' ? days : undefined)),
    scheduledPurgeDate: text,
  }),
});

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

/** Reads the body of a registry; throws {@link ReadFailure} for one that lacks what it must have, or is of another registry. */
export function toRegistry(body: unknown, reading: Reading, expected?: ResourceId): Registry {
  const { id, location, sku, properties } = parse(RegistryBody, body, reading);
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
    }),
  };
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

const ListItem = z.object({ id: z.string(), properties: optionalBag });

/** Where a listed key holder is; nothing for an item without an id. */
export function toHolderLocations(kind: HolderKind, item: unknown): HolderLocation[] {
  const parsed = ListItem.safeParse(item);
  const id = parsed.success ? parseResourceId(parsed.data.id) : undefined;
  if (id?.kind !== kind) return [];
  const uri = text.parse(parsed.data?.properties[kind === 'vault' ? 'vaultUri' : 'hsmUri']);
  return [{ id, ...toPresent({ uri }) }];
}

const deletedIdPattern =
  /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.KeyVault\/locations\/([^/]+)\/(deletedVaults|deletedManagedHSMs)\/([^/]+)$/i;

/** Where a listed soft-deleted key holder is kept; nothing for an item without the id of one. */
export function toDeletedHolderLocations(kind: HolderKind, item: unknown): DeletedHolderLocation[] {
  const parsed = ListItem.safeParse(item);
  const [, subscriptionId, location, type, name] = deletedIdPattern.exec(parsed.data?.id ?? '') ?? [];
  if (type?.toLowerCase() !== `deleted${kind}s`.toLowerCase()) return [];
  return subscriptionId && location && name ? [{ kind, name, subscriptionId, location }] : [];
}

const NameAvailabilityBody = z.object({ nameAvailable: z.boolean() });

/** Whether a name is free. */
export function toNameAvailability(body: unknown, reading: Reading): boolean {
  return parse(NameAvailabilityBody, body, reading).nameAvailable;
}

const PageBody = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

/** Reads one page of a list. */
export function toPage(body: unknown, reading: Reading): { items: unknown[]; nextLink?: string } {
  const { value, nextLink } = parse(PageBody, body, reading);
  return { items: value, ...(nextLink ? { nextLink } : {}) };
}

const SubscriptionBody = z.object({
  id: text,
  subscriptionId: z.string().min(1).optional().catch(undefined),
  displayName: text,
  tenantId: text,
});

/** Reads an item of the list of subscriptions. */
export function toSubscription(item: unknown, reading: Reading): Subscription {
  const { id, subscriptionId, displayName, tenantId } = parse(SubscriptionBody, item, reading);
  const known = subscriptionId ?? /^\/subscriptions\/([^/]+)$/i.exec(id ?? '')?.[1];
  if (!known) throw lacking(reading, 'subscriptionId');
  return { subscriptionId: known, displayName: displayName ?? known, ...toPresent({ tenantId }) };
}

const BelowBody = z.object({ type: z.string(), name: z.string() });

/** The subscription that an item of what is below a management group is; nothing for a group. */
export function toSubscriptionBelow(item: unknown): string[] {
  const parsed = BelowBody.safeParse(item);
  return parsed.success && /(^|\/)subscriptions$/i.test(parsed.data.type) ? [parsed.data.name] : [];
}

function parse<T>(schema: z.ZodType<T>, body: unknown, reading: Reading): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw lacking(reading, parsed.error.issues[0]?.path.join('.') || 'a JSON object');
}

function lacking(reading: Reading, what: string): ReadFailure {
  return new ReadFailure(`Reading ${reading.what} ${reading.id}: the body lacks ${what}`);
}
