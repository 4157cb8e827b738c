import * as z from 'zod';
import type { FoundKeyVersion, KeyAttributes } from '../domain/estate/key.ts';
import { parseKeyIdentifier } from '../domain/estate/key-identifier.ts';
import { toPresent } from '../domain/estate/present.ts';
import type { Reading } from '../domain/estate/reading.ts';
import { asWritten, parse, text, texts } from './fields.ts';

const KeyBody = z.object({
  properties: z.object({
    attributes: asWritten,
    kty: text,
    keyOps: texts,
    keySize: asWritten,
    keyUriWithVersion: text,
  }),
});

const AttributesBody = z.object({ enabled: asWritten, nbf: asWritten, exp: asWritten, created: asWritten });

/** Reads the body of a key, or of one of its versions. */
export function toKeyVersion(body: unknown, reading: Reading): FoundKeyVersion {
  const { attributes, keyUriWithVersion, ...shown } = parse(KeyBody, body, reading).properties;
  return {
    state: 'found',
    ...toPresent({
      ...shown,
      version: parseKeyIdentifier(keyUriWithVersion)?.keyVersion,
      attributes: toAttributes(attributes),
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
