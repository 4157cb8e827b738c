import type { InvocationContext } from '@azure/functions';
import { monitor, toStart } from '../monitor.ts';

/** Works off due assessments and alerts. */
export async function runFollowUp(context: InvocationContext): Promise<void> {
  const { assessments, alerts } = await monitor().followUp(toStart(context));
  if (assessments.done + assessments.left + alerts.delivered + alerts.failed === 0) return;
  context.info(
    `Followed up: ${assessments.done} assessed, ${assessments.changed} changed, ${assessments.left} still due; ` +
      `${alerts.delivered} alerts delivered, ${alerts.failed} not`,
  );
}
