import type { AlertDelivery, Deliveries } from '../alerts/deliver-alerts.ts';
import type { Run } from '../ports/ports.ts';
import type { CreateReader } from '../posture/read-posture.ts';
import { type WorkedOff, type WorkOffDeps, workOff } from './work-off.ts';

/** What following up needs. */
export interface FollowUpDeps extends WorkOffDeps {
  delivery: AlertDelivery;
  createReader: CreateReader;
}

/** What following up came to. */
export interface FollowUp {
  assessments: WorkedOff;
  alerts: Deliveries;
}

/** Due assessments that are worked off together: they share their reads of key holders. */
const batchSize = 500;

/** Works off due assessments, and sends due alerts before and after, until the run's time is over. */
export async function followUp(deps: FollowUpDeps, run: Run): Promise<FollowUp> {
  const { due, now, createReader, delivery } = deps;
  const assessments: WorkedOff = { done: 0, changed: 0, left: 0 };
  const alerts: Deliveries = { delivered: 0, failed: 0 };
  // Before the assessments, which may take all the time there is.
  await sendAlerts();
  while (!run.signal.aborted) {
    const batch = await due.listDue(now().toISOString(), batchSize);
    if (batch.length === 0) break;
    const reader = createReader(run);
    add(assessments, await workOff(deps, batch, { source: 'followUp', run, reader }));
    await sendAlerts();
  }
  return { assessments, alerts };

  async function sendAlerts(): Promise<void> {
    const { delivered, failed } = await delivery.sendDue(run);
    alerts.delivered += delivered;
    alerts.failed += failed;
  }
}

function add(total: WorkedOff, { done, changed, left, reason }: WorkedOff): void {
  total.done += done;
  total.changed += changed;
  total.left += left;
  if (reason) total.reason ??= reason;
}
