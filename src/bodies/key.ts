import * as z from 'zod';
import type { FoundKeyVersion, KeyAttributes, KeyRotation } from '../domain/estate/key.ts';
import { parseKeyIdentifier } from '../domain/estate/key-identifier.ts';
import { toPresent } from '../domain/estate/present.ts';
import type { Reading } from '../domain/estate/reading.ts';
import { asWritten, optionalBag, parse, text, texts } from './fields.ts';

const KeyBody = z.object({
  properties: z.object({
    attributes: asWritten,
    kty: text,
    keyOps: texts,
    keySize: asWritten,
    keyUriWithVersion: text,
    rotationPolicy: asWritten,
  }),
});

const AttributesBody = z.object({ enabled: asWritten, nbf: asWritten, exp: asWritten, created: asWritten });

/** Reads the body of a key, or of one of its versions. */
export function toKeyVersion(body: unknown, reading: Reading): FoundKeyVersion {
  const { attributes, keyUriWithVersion, rotationPolicy, ...shown } = parse(
    KeyBody,
    body,
    reading,
  ).properties;
  return {
    state: 'found',
    ...toPresent({
      ...shown,
      version: parseKeyIdentifier(keyUriWithVersion)?.keyVersion,
      attributes: toAttributes(attributes),
      rotations: showsRotation(reading) ? toRotations(rotationPolicy) : undefined,
    }),
    readings: [reading],
  };
}

/** Nothing is known where they are in no known shape, or tell nothing. */
function toAttributes(body: unknown): KeyAttributes | undefined {
  const { enabled, nbf, exp, created } = AttributesBody.safeParse(body).data ?? {};
  const attributes = toPresent({ enabled, notBefore: nbf, expires: exp, created });
  return Object.keys(attributes).length > 0 ? attributes : undefined;
}

/** First api version of keys that shows rotation policies. */
const firstWithRotation = '2021-11-01';

function showsRotation({ from }: Reading): boolean {
  const version = /[?&]api-version=(\d{4}-\d\d-\d\d)/.exec(from)?.[1];
  return version === undefined || version >= firstWithRotation;
}

const RotationPolicyBody = z.object({ lifetimeActions: z.array(z.unknown()).nullish() });
const LifetimeActionBody = z.object({
  action: z.object({ type: z.string() }),
  trigger: optionalBag.pipe(z.object({ timeAfterCreate: text, timeBeforeExpiry: text })),
});

/** No policy, and one that only notifies, rotate never; what is in no known shape might rotate. */
function toRotations(policy: unknown): KeyRotation[] | undefined {
  if (policy === undefined || policy === null) return [];
  const { data } = RotationPolicyBody.safeParse(policy);
  if (!data) return undefined;
  const actions = (data.lifetimeActions ?? []).map((action) => LifetimeActionBody.safeParse(action).data);
  const rotations = actions.flatMap((one) =>
    one?.action.type.toLowerCase() === 'rotate' ? toPresent(one.trigger) : [],
  );
  return rotations.length === 0 && actions.includes(undefined) ? undefined : rotations;
}
