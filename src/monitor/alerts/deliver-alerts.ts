import pLimit from 'p-limit';
import pMap from 'p-map';
import { type Alert, type AlertMessage, type Message, toMessageId } from '../../domain/record/alert.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Delivery, Run, Versioned } from '../ports/ports.ts';
import { leaseTime } from './raise-alert.ts';
import { toRoundUp } from './round-up.ts';

/** What a round of deliveries came to, in alerts. */
export interface Deliveries {
  delivered: number;
  failed: number;
}

/** More alerts of one sweep to one sink than this become one message. */
const roundUpAbove = 5;
const concurrency = 4;
/** Longest time of one delivery, with some to settle it, in milliseconds. */
const deliveryTime = 20_000;

/** Sends alerts. */
export interface AlertDelivery {
  /** Starts to send alerts that the caller holds the lease of, beside the run's own work: a slow receiver must not hold that up. */
  sendAtOnce(alerts: readonly Versioned<Alert>[], run: Run): void;
  /** Sends what is due, or all that one sweep left, until the run's time is over. */
  sendDue(run: Run, sweep?: string): Promise<Deliveries>;
}

/**
 * Builds the delivery of alerts: each is sent under a lease, until a receiver took it or it is declared dead.
 * Waits between tries are in milliseconds.
 */
export function createAlertDelivery(
  { store: { alerts }, sinks, now }: Pick<Ports, 'store' | 'sinks' | 'now'>,
  retrySchedule: readonly number[],
): AlertDelivery {
  const limit = pLimit(concurrency);
  const sinkOf = new Map(sinks.map((sink) => [sink.name, sink]));
  return { sendAtOnce, sendDue };

  function sendAtOnce(leased: readonly Versioned<Alert>[], run: Run): void {
    run.deliveries.push(...leased.map((alert) => limit(() => sendLeased(alert, run))));
  }

  /** A lease that is nearly over is left to whoever takes it next. */
  async function sendLeased(alert: Versioned<Alert>, run: Run): Promise<void> {
    const isHeld = Date.parse(alert.leasedUntil ?? '') - now().getTime() > deliveryTime;
    if (isHeld && !run.signal.aborted) await send([alert], run);
  }

  async function sendDue(run: Run, sweep?: string): Promise<Deliveries> {
    const total = { delivered: 0, failed: 0 };
    if (sinks.length === 0) return total;
    const sendable = await alerts.listSendable(now().toISOString(), sweep);
    // What goes to a sink that is off waits, in sight, until it is on again.
    const groups = toGroups(sendable.filter(({ sink }) => sinkOf.has(sink)));
    await pMap(groups, sendGroup, { concurrency });
    return total;

    async function sendGroup(group: Versioned<Alert>[]): Promise<void> {
      if (run.signal.aborted) return;
      const until = new Date(now().getTime() + leaseTime).toISOString();
      const roundUp = group.length > 1 ? toRoundUpId(group) : undefined;
      const lease = (alert: Versioned<Alert>) =>
        alerts.lease(alert, { until, ...(roundUp ? { roundUp } : {}) });
      const [first, ...others] = group;
      const head = first && (await lease(first));
      // Whoever gets the first gets the group: two senders must not tell different things under one id.
      if (!head) return;
      const leased = await pMap(others, lease, { concurrency: 16 });
      const mine = [head, ...leased.flatMap((alert) => alert ?? [])];
      const isDelivered = await send(mine, run);
      total[isDelivered ? 'delivered' : 'failed'] += mine.length;
    }
  }

  /** Sends one message for one alert, or for several; never throws: what failed is repeated. */
  async function send(leased: readonly Versioned<Alert>[], run: Run): Promise<boolean> {
    const [first] = leased;
    const sink = first && sinkOf.get(first.sink);
    if (!sink) return false;
    try {
      const message = toMessage(leased, first, now());
      const delivery = await sink.deliver(message);
      const settledAt = now();
      await pMap(leased, (alert) => settle(alert, { delivery, at: settledAt, run }), { concurrency: 16 });
      run.rowsWritten += leased.length;
      if (delivery.state !== 'delivered')
        run.log.warn(`Alert ${message.id} was not delivered: ${delivery.error}`);
      return delivery.state === 'delivered';
    } catch (error) {
      run.log.warn(`Alert ${first.id} could not be settled, it is repeated: ${(error as Error).message}`);
      return false;
    }
  }

  /** All of a message fall due at the same time, so that they are repeated together. */
  async function settle(
    alert: Versioned<Alert>,
    { delivery, at, run }: { delivery: Delivery; at: Date; run: Run },
  ): Promise<void> {
    if (delivery.state === 'delivered') return alerts.remove(alert);
    const { leasedUntil: _, ...unleased } = alert;
    const attempts = alert.attempts + 1;
    const wait = retrySchedule[alert.attempts];
    if (delivery.state === 'refused' || wait === undefined) {
      run.log.warn(`Alert ${alert.id} is dead after ${attempts} attempts: ${delivery.error}`);
      return alerts.postpone({ ...unleased, status: 'dead', attempts, lastError: delivery.error });
    }
    const due = new Date(at.getTime() + Math.max(wait, delivery.retryAfter ?? 0)).toISOString();
    return alerts.postpone({ ...unleased, attempts, due, lastError: delivery.error });
  }
}

/**
 * Alerts about registries of one sweep that go to one sink go together when they are many; all others go alone.
 * Those that were sent together before stay together, so that their message keeps its id.
 */
function toGroups(pending: readonly Versioned<Alert>[]): Versioned<Alert>[][] {
  const groups = Map.groupBy(pending, ({ sink, sweep, roundUp, payload }) => {
    const together = roundUp ?? (isOfRegistry(payload) ? sweep : undefined);
    return together === undefined ? undefined : `${sink}\n${together}`;
  });
  return [...groups].flatMap(([together, group]) =>
    together !== undefined && (group.length > roundUpAbove || group[0]?.roundUp !== undefined)
      ? [group.toSorted((a, b) => (a.id < b.id ? -1 : 1))]
      : group.map((alert) => [alert]),
  );
}

function toRoundUpId(group: readonly Versioned<Alert>[]): string {
  const [first] = group;
  return first?.roundUp ?? toMessageId(first?.sweep ?? '', ...group.map(({ id }) => id));
}

function toMessage(leased: readonly Versioned<Alert>[], first: Versioned<Alert>, now: Date): Message {
  if (first.roundUp === undefined) return first.payload;
  const messages = leased.map(({ payload }) => payload).filter(isOfRegistry);
  return toRoundUp(messages, { id: first.roundUp, sweep: first.sweep ?? '', now });
}

function isOfRegistry(payload: Alert['payload']): payload is AlertMessage {
  return payload.type === 'registry.findings.changed';
}
