import type { Subscription } from '../../domain/estate/places.ts';
import { sendTestAlerts } from '../alerts/test-alert.ts';
import { GraphUnavailable } from '../ports/azure-ports.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import {
  attempt,
  type Check,
  failed,
  ok,
  skipped,
  skippedWithoutSubscriptions,
  toCount,
  toLabel,
  toList,
  warning,
} from './check.ts';

/** Whether Resource Graph answers, and for which subscriptions. */
export function checkGraph(
  { inventory }: Pick<Ports, 'inventory'>,
  subscriptions: readonly Subscription[],
  run: Run,
): Promise<Check> {
  const name = 'Resource Graph';
  return attempt(name, async () => {
    if (!inventory)
      return skipped(name, 'INVENTORY is arm: registries are listed subscription by subscription');
    if (subscriptions.length === 0) return skippedWithoutSubscriptions(name);
    try {
      const ids = subscriptions.map(({ subscriptionId }) => subscriptionId.toLowerCase());
      const shown = await inventory.listReadableSubscriptions(ids, run);
      const hidden = subscriptions.filter(({ subscriptionId }) => !shown.has(subscriptionId.toLowerCase()));
      return hidden.length > 0
        ? warning(
            name,
            `leaves out ${toList(hidden.map(toLabel))}; sweeps read these from ARM, which takes longer. A role that is new shows up after some minutes`,
          )
        : ok(name, `answers for ${toCount(ids.length, 'subscription')}`);
    } catch (error) {
      if (!(error instanceof GraphUnavailable)) throw error;
      return warning(
        name,
        `${error.message}: sweeps list registries subscription by subscription, which takes longer. Grant Microsoft.ResourceGraph/resources/read, or set INVENTORY to arm`,
      );
    }
  });
}

/** Whether both tables answer. */
export function checkTables({ store: { sweeps, alerts } }: Pick<Ports, 'store'>): Promise<Check> {
  const name = 'Table Storage';
  const todo =
    '; check FindingsStorage, the account’s network, and that the identity is Storage Table Data Contributor there';
  return attempt(
    name,
    async () => {
      const [{ items }, { pending, dead }] = await Promise.all([
        sweeps.listSweeps({ limit: 1 }),
        alerts.count(),
      ]);
      const [last] = items;
      const swept = last ? `the last sweep started ${last.startedAt}` : 'nothing was swept yet';
      const waiting = `${toCount(pending, 'alert')} pending`;
      return dead > 0
        ? warning(
            name,
            `answers; ${swept}; ${waiting}, ${dead} dead: these are not repeated, see that the webhook answers`,
          )
        : ok(name, `answers; ${swept}; ${waiting}`);
    },
    todo,
  );
}

/** Whether the sinks take a message. */
export function checkWebhook(
  { sinks, now }: Pick<Ports, 'sinks' | 'now'>,
  isTested: boolean,
): Promise<Check> {
  const name = 'Webhook';
  return attempt(name, async () => {
    if (sinks.length === 0) {
      return warning(
        name,
        'ALERT_WEBHOOK_URL is not set, so nobody is told of findings: set it and ALERT_WEBHOOK_SECRET',
      );
    }
    if (!isTested) return skipped(name, 'no test alert was asked for');
    const tested = await sendTestAlerts(sinks, now());
    const faults = tested.flatMap(({ sink, delivery }) =>
      delivery.state === 'delivered' ? [] : `${sink}: ${delivery.error}`,
    );
    return faults.length === 0
      ? ok(name, 'took a signed test alert')
      : failed(
          name,
          `did not take a test alert: ${faults.join('; ')}; check ALERT_WEBHOOK_URL, ALERT_WEBHOOK_SECRET and the receiver`,
        );
  });
}
