import * as z from 'zod';
import type { HolderKind } from '../domain/estate/key-identifier.ts';
import type { DeletedHolderLocation, HolderLocation, Subscription } from '../domain/estate/places.ts';
import { toPresent } from '../domain/estate/present.ts';
import type { Reading } from '../domain/estate/reading.ts';
import { parseResourceId } from '../domain/estate/resource-id.ts';
import { lacking, optionalBag, parse, text } from './fields.ts';

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
