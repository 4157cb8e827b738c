import type { Arm, ArmResource } from './arm.ts';

/** What became of a resource that was wanted. */
export type Ensured = 'made' | 'changed' | 'unchanged';

/** Sees to it that a resource is there as it is wanted; what is there already is not written again. */
export async function ensure(arm: Arm, id: string, wanted: ArmResource): Promise<Ensured> {
  const found = await arm.get(id);
  if (found && covers(found, wanted)) return 'unchanged';
  await arm.put(id, wanted);
  return found ? 'changed' : 'made';
}

/** The strongest of what became of the parts of something. */
export function together(parts: readonly Ensured[]): Ensured {
  if (parts.includes('made')) return 'made';
  return parts.includes('changed') ? 'changed' : 'unchanged';
}

/** Whether all that is wanted is there; Azure adds fields of its own, and writes ids in any casing. */
function covers(found: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'string')
    return typeof found === 'string' && found.toLowerCase() === wanted.toLowerCase();
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((one) => found.some((other) => covers(other, one)))
    );
  }
  if (typeof wanted !== 'object' || wanted === null) return found === wanted;
  if (typeof found !== 'object' || found === null) return false;
  const byName = new Map(Object.entries(found).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(wanted).every(([name, value]) => covers(byName.get(name.toLowerCase()), value));
}
