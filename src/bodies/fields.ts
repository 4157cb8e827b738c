import * as z from 'zod';
import { ReadFailure } from '../domain/estate/read-failure.ts';
import type { Reading } from '../domain/estate/reading.ts';

/** A field that should be text: what is neither text nor absent is kept as JSON, so that it is no known word. */
export const text = z
  .unknown()
  .optional()
  .transform((value) => {
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });

/** A field that should be a boolean. */
export const flag = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'boolean' ? value : undefined));

/** A field that is kept as Azure wrote it; null counts as absent. */
export const asWritten = z
  .unknown()
  .optional()
  .transform((value) => value ?? undefined);

const bag = z.record(z.string(), z.unknown());

/** A field that should be an object; anything else is an empty one. */
export const optionalBag = z
  .unknown()
  .optional()
  .transform((value) => bag.safeParse(value).data ?? {});

/** A field that should be a list; undefined for anything else. */
export const list = z
  .unknown()
  .optional()
  .transform((value) => (Array.isArray(value) ? (value as unknown[]) : undefined));

/** A field that should be a list of texts; undefined for anything else. */
export const texts = list.transform((items) =>
  items?.every((item) => typeof item === 'string') ? (items as string[]) : undefined,
);

/** Reads a body; throws {@link ReadFailure} for one that lacks what it must have. */
export function parse<T>(schema: z.ZodType<T>, body: unknown, reading: Reading): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw lacking(reading, parsed.error.issues[0]?.path.join('.') || 'a JSON object');
}

/** A body that lacks what it must have. */
export function lacking(reading: Reading, what: string): ReadFailure {
  return new ReadFailure(`Reading ${reading.what} ${reading.id}: the body lacks ${what}`);
}
