import type { InvocationContext } from '@azure/functions';
import { monitor, toStart } from '../monitor.ts';

/** Sweeps the tenant. */
export async function runSweep(context: InvocationContext): Promise<void> {
  const record = await monitor().sweep({
    ...toStart(context),
    source: 'sweep',
    onProgress: ({ subscriptions, subscriptionsDone, registries, assessed }) =>
      context.debug(
        `Sweeping: ${subscriptionsDone} of ${subscriptions} subscriptions, ${registries} registries, ${assessed} assessed`,
      ),
  });
  const { outcome, subscriptions, registries, assessed, changed, unconfirmed, calls } = record;
  context.info(
    `Sweep ${record.sweep} ${outcome}: ${subscriptions} subscriptions, ${registries} registries, ` +
      `${assessed} assessed, ${changed} changed, ${unconfirmed} not confirmed, ${calls} calls to Azure`,
  );
  if (outcome === 'failed') throw new Error(`Sweep ${record.sweep} failed; its exceptions say why`);
}
