import { isServableKey, isSubscriptionKey, toArmKey, toHolder } from './arm-key.ts';
import type { ArmBody } from './tenant-contents.ts';

/** What a piece of recorded JSON is good for: a body to serve, or not, and why not. */
export type RecordedBody =
  | { kind: 'resource'; body: ArmBody }
  | { kind: 'subscription'; body: ArmBody }
  /** `holderId`: the vault or Managed HSM that it shows to exist, though not well enough to serve */
  | { kind: 'skipped'; reason: string; holderId?: string };

type Json = Record<string, unknown>;

/** Judges one body. */
export function judgeBody(value: unknown): RecordedBody {
  if (!isObject(value)) return skip('no JSON object');
  const foreign = toForeignKind(value);
  if (foreign) return skip(foreign);
  if (typeof value.id !== 'string') return skip('no ARM resource: it has no id');
  const body = value as Json & ArmBody;
  const key = toArmKey(body.id);
  if (isSubscriptionKey(key)) return judgeSubscription(body);
  if (!isServableKey(key)) return skip(`no resource that the simulated tenant serves: ${toType(body)}`);
  const missing = toMissing(body, key);
  if (!missing) return { kind: 'resource', body };
  const holder = toHolder(key);
  return holder && !holder.isDeleted ? { ...skip(missing), holderId: body.id } : skip(missing);
}

/** Recorders mask the GUID in a subscription's `id`, not always in `subscriptionId`. */
function judgeSubscription(body: ArmBody): RecordedBody {
  if (typeof body.displayName !== 'string') return skip('no ARM resource: a subscription without name');
  const id = typeof body.subscriptionId === 'string' ? `/subscriptions/${body.subscriptionId}` : body.id;
  return { kind: 'subscription', body: { ...body, id, subscriptionId: id.slice('/subscriptions/'.length) } };
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names what is recognisably something else than a resource; undefined for what may be one. */
function toForeignKind(value: Json): string | undefined {
  if ('error' in value || 'Message' in value) return 'an error body';
  if ('eventType' in value || 'specversion' in value || 'eventTypeVersion' in value) return 'an event';
  if ('totalRecords' in value && 'data' in value) return 'a Resource Graph answer';
  if (isObject(value.headers)) return 'response headers';
  if ('operationName' in value) return 'a log entry';
  if ('status' in value && Object.keys(value).length === 1) return 'the state of an asynchronous operation';
  return undefined;
}

/** What every answer of a current api version has and this body lacks; undefined where it is complete. */
function toMissing(body: Json & ArmBody, key: string): string | undefined {
  const { properties } = body;
  if (!isObject(properties)) return 'no properties: a row of a generic list';
  if (key.includes('/registries/') && !isObject(body.sku)) {
    return 'a registry without sku: no current api version answers so';
  }
  const holder = toHolder(key);
  if (holder?.type === 'vaults' && !holder.isDeleted && !isObject(properties.sku)) {
    return 'a vault without sku: no current api version answers so';
  }
  return undefined;
}

function toType({ id, type }: ArmBody): string {
  return type ?? /\/providers\/(.*)\/[^/]+$/.exec(id)?.[1] ?? id;
}

function skip(reason: string): { kind: 'skipped'; reason: string } {
  return { kind: 'skipped', reason };
}
