import * as z from 'zod';
import type { Reading } from '../domain/estate/reading.ts';
import { parse, text } from './fields.ts';

const IdentityBody = z.object({ properties: z.object({ clientId: text }) });

/** Reads the client id from the body of a user-assigned identity; undefined where Azure left it out. */
export function toClientId(body: unknown, reading: Reading): string | undefined {
  return parse(IdentityBody, body, reading).properties.clientId;
}
