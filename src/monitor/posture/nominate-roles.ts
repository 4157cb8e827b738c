import { ReadFailure } from '../../domain/estate/read-failure.ts';
import { GraphUnavailable, type Inventory, type RoleAssignmentIndex } from '../ports/azure-ports.ts';
import type { Run } from '../ports/ports.ts';
import type { MemoReads } from './memo-reads.ts';

/**
 * Reads role assignments from Resource Graph, all by one query when the first key asks for its own; where it does not
 * tell, ARM does. Only good to nominate: it follows changes with a delay.
 */
export function nominateRoles(
  inventory: Inventory,
  { reads, run, inSight }: { reads: MemoReads; run: Run; inSight: readonly { subscriptionId: string }[] },
): MemoReads {
  let index: Promise<RoleAssignmentIndex | undefined> | undefined;
  return { ...reads, readAssignments };

  async function readAssignments(scope: string) {
    index ??= readIndex();
    return (await index)?.at(scope) ?? reads.readAssignments(scope);
  }

  async function readIndex(): Promise<RoleAssignmentIndex | undefined> {
    try {
      const ids = inSight.map(({ subscriptionId }) => subscriptionId.toLowerCase());
      return await inventory.readRoleAssignments(ids, run);
    } catch (error) {
      if (!(error instanceof GraphUnavailable || error instanceof ReadFailure)) throw error;
      run.log.warn(`${error.message}: role assignments are read key by key instead`);
      return undefined;
    }
  }
}
