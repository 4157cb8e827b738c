import type { Inventory, RoleAssignmentIndex, WhichRoles } from '../ports/azure-ports.ts';
import type { Run } from '../ports/ports.ts';
import type { MemoReads } from './memo-reads.ts';
import { memoise } from './memoise.ts';

/**
 * Reads role assignments from Resource Graph, by one query when the first key asks for its own, and by one more when one
 * asks for all of them; where it does not tell, ARM does. Only good to nominate: it follows changes with a delay.
 */
export function nominateRoles(
  inventory: Inventory,
  { reads, run, inSight }: { reads: MemoReads; run: Run; inSight: readonly { subscriptionId: string }[] },
): MemoReads {
  const ids = inSight.map(({ subscriptionId }) => subscriptionId.toLowerCase());
  const indexes = new Map<WhichRoles, Promise<RoleAssignmentIndex | undefined>>();
  return { ...reads, readAssignments };

  async function readAssignments(scope: string, which: WhichRoles) {
    const whole = indexes.get('all');
    const index = await (whole ??
      memoise(indexes, which, () => inventory.readRoleAssignments(ids, { which }, run)));
    return index?.at(scope) ?? reads.readAssignments(scope, which);
  }
}
