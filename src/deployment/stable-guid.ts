import { createHash } from 'node:crypto';

/** A GUID that follows from texts, compared without case: the same ones always give the same GUID. */
export function stableGuid(...parts: string[]): string {
  const hex = createHash('sha256').update(parts.join('\n').toLowerCase()).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-8$3-a$4-$5');
}
