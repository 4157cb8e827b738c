import * as z from 'zod';
import type { Lock } from '../domain/estate/lock.ts';

const LockBody = z.object({ id: z.string(), properties: z.object({ level: z.string() }) });

/** Reads an item of a list of locks; nothing for one that does not say how it locks. */
export function toLocks(item: unknown): Lock[] {
  const parsed = LockBody.safeParse(item);
  return parsed.success ? [{ id: parsed.data.id, level: parsed.data.properties.level }] : [];
}
