import type { AlertDelivery, Deliveries } from './deliver-alerts.ts';
import type { KeyHolderFinder } from './find-key-holder.ts';
import type { Run } from './ports.ts';
import { type WorkedOff, type WorkOffDeps, workOff } from './work-off.ts';

/** What following up needs. */
export interface FollowUpDeps extends WorkOffDeps {
  delivery: AlertDelivery;
  createFinder(run: Run): KeyHolderFinder;
}

/** What following up came to. */
export interface FollowUp {
  assessments: WorkedOff;
  alerts: Deliveries;
}

/** Due assessments that are worked off together: they share their reads of key holders. */
const batchSize = 500;

/** Works off due assessments, then sends due alerts, until the run's time is over. */
export async function followUp(deps: FollowUpDeps, run: Run): Promise<FollowUp> {
  const { due, now, createFinder, delivery } = deps;
  const assessments: WorkedOff = { done: 0, changed: 0, left: 0 };
  while (!run.signal.aborted) {
    const batch = await due.listDue(now().toISOString(), batchSize);
    if (batch.length === 0) break;
    const keyHolders = createFinder(run);
    add(assessments, await workOff(deps, batch, { source: 'followUp', run, keyHolders }));
    await delivery.sendDue(run);
  }
  return { assessments, alerts: await delivery.sendDue(run) };
}

function add(total: WorkedOff, { done, changed, left, reason }: WorkedOff): void {
  total.done += done;
  total.changed += changed;
  total.left += left;
  if (reason) total.reason ??= reason;
}
