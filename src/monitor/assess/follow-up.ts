import type { AlertDelivery, Deliveries } from '../alerts/deliver-alerts.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import type { CreateReader } from '../posture/read-posture.ts';
import type { WorkedOff, WorkOff } from './work-off.ts';

/** What following up came to. */
export interface FollowUp {
  assessments: WorkedOff;
  alerts: Deliveries;
}

/** Due assessments that are worked off together: they share their reads of key holders. */
const batchSize = 500;

/** Builds what works off due assessments, and sends due alerts beside that and after it, until the run's time is over. */
export function createFollowUp(
  { store: { due, sweeps }, now }: Pick<Ports, 'store' | 'now'>,
  {
    workOff,
    createReader,
    delivery,
  }: { workOff: WorkOff; createReader: CreateReader; delivery: AlertDelivery },
): (run: Run) => Promise<FollowUp> {
  return async (run) => {
    const assessments: WorkedOff = { done: 0, changed: 0, left: 0 };
    const alerts: Deliveries = { delivered: 0, failed: 0 };
    await sweeps.noteFollowUp(now().toISOString());
    // Side by side: neither a slow receiver nor many assessments may take the other's time.
    const ends = await Promise.allSettled([sendAlerts(), workOffAll()]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (assessments.done > 0) await sendAlerts();
    return { assessments, alerts };

    async function workOffAll(): Promise<void> {
      while (!run.signal.aborted) {
        const batch = await due.listDue(now().toISOString(), batchSize);
        if (batch.length === 0) break;
        add(assessments, await workOff(batch, { source: 'followUp', run, reader: createReader(run) }));
      }
    }

    async function sendAlerts(): Promise<void> {
      const { delivered, failed } = await delivery.sendDue(run);
      alerts.delivered += delivered;
      alerts.failed += failed;
    }
  };
}

function add(total: WorkedOff, { done, changed, dropped, left, reason }: WorkedOff): void {
  if (dropped) total.dropped = (total.dropped ?? 0) + dropped;
  total.done += done;
  total.changed += changed;
  total.left += left;
  if (reason) total.reason ??= reason;
}
