import pLimit from 'p-limit';
import pMap from 'p-map';
import { type Alert, type AlertMessage, type Message, toMessageId } from '../../domain/record/alert.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Delivery, Run, Versioned } from '../ports/ports.ts';
import { createBreaker } from './breaker.ts';
import { leaseTime } from './raise-alert.ts';
import { toRoundUp } from './round-up.ts';

/** What a round of deliveries came to, in alerts. */
export interface Deliveries {
  delivered: number;
  failed: number;
}

/** More alerts of one sweep to one sink than this become one message. */
const roundUpAbove = 5;
/** Deliveries to one sink at a time: one that is slow must not take the turns of the others. */
const concurrency = 4;
/** Time in which a round may begin deliveries, in milliseconds. */
const roundTime = 30_000;
/** Time after which a delivery that failed has hung: one that is refused quickly costs the others nothing. */
const hungAfter = 5_000;
/** Longest wait that a receiver can ask for, in milliseconds. */
const longestRetryAfter = 3_600_000;
/** Longest time of one delivery, with some to settle it, in milliseconds. */
const deliveryTime = 20_000;

/** Sends alerts. */
export interface AlertDelivery {
  /** Starts to send alerts that the caller holds the lease of, beside the run's own work: a slow receiver must not hold that up. */
  sendAtOnce(alerts: readonly Versioned<Alert>[], run: Run): void;
  /** Sends what is due, or all that one sweep left, until the round's or the run's time is over. */
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
  const lines = new Map(
    sinks.map((sink) => [sink.name, { sink, limit: pLimit(concurrency), breaker: createBreaker(now) }]),
  );
  return { sendAtOnce, sendDue };

  function sendAtOnce(leased: readonly Versioned<Alert>[], run: Run): void {
    for (const alert of leased) {
      const sending = lines.get(alert.sink)?.limit(() => sendLeased(alert, run));
      if (sending) run.deliveries.push(sending);
    }
  }

  /** A lease that is nearly over is left to whoever takes it next. */
  async function sendLeased(alert: Versioned<Alert>, run: Run): Promise<void> {
    const isHeld = Date.parse(alert.leasedUntil ?? '') - now().getTime() > deliveryTime;
    if (isHeld && !run.signal.aborted && lines.get(alert.sink)?.breaker.admits()) await send([alert], run);
  }

  async function sendDue(run: Run, sweep?: string): Promise<Deliveries> {
    const total = { delivered: 0, failed: 0 };
    if (sinks.length === 0) return total;
    const begun = now().getTime();
    const sendable = await alerts.listSendable(now().toISOString(), sweep, ({ message }) =>
      run.log.warn(`An alert can't be read, it is passed over: ${message}`),
    );
    const groups = Map.groupBy(toGroups(sendable), ([first]) => first?.sink ?? '');
    // What goes to a sink that is off waits, in sight, until it is on again.
    await pMap(lines, ([name]) => pMap(groups.get(name) ?? [], sendGroup, { concurrency }));
    return total;

    async function sendGroup(group: Versioned<Alert>[]): Promise<void> {
      const [first, ...others] = group;
      const isTimeOver = run.signal.aborted || now().getTime() - begun >= roundTime;
      if (!first || isTimeOver || !lines.get(first.sink)?.breaker.admits()) return;
      const roundUp = group.length > 1 ? toRoundUpId(group) : undefined;
      const head = await lease(first, roundUp);
      // Whoever gets the first gets the group: two senders must not tell different things under one id.
      if (!head) return;
      const leased = await pMap(others, (alert) => lease(alert, roundUp), { concurrency: 16 });
      const mine = [head, ...leased.flatMap((alert) => alert ?? [])];
      const isDelivered = await send(mine, run);
      total[isDelivered ? 'delivered' : 'failed'] += mine.length;
    }

    /** An alert that can't be leased costs itself only. */
    async function lease(alert: Versioned<Alert>, roundUp: string | undefined) {
      const until = new Date(now().getTime() + leaseTime).toISOString();
      try {
        return await alerts.lease(alert, { until, ...(roundUp ? { roundUp } : {}) });
      } catch (error) {
        run.log.warn(`Alert ${alert.id} could not be leased, it is tried again: ${(error as Error).message}`);
        total.failed += 1;
        return undefined;
      }
    }
  }

  /** Sends one message for one alert, or for several; never throws: what failed is repeated. */
  async function send(leased: readonly Versioned<Alert>[], run: Run): Promise<boolean> {
    const [first] = leased;
    const line = first && lines.get(first.sink);
    if (!line) return false;
    try {
      const message = toMessage(leased, first);
      const begun = now().getTime();
      const delivery = await line.sink.deliver(message);
      const settledAt = now();
      if (line.breaker.note(delivery.state === 'failed' && settledAt.getTime() - begun >= hungAfter))
        run.log.warn(`Sink ${first.sink} hung several times in a row: it is tried once a minute`);
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
    const asked = Math.min(delivery.retryAfter ?? 0, longestRetryAfter);
    const due = new Date(at.getTime() + Math.max(wait, asked)).toISOString();
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

function toMessage(leased: readonly Versioned<Alert>[], first: Versioned<Alert>): Message {
  if (first.roundUp === undefined) return first.payload;
  const messages = leased.map(({ payload }) => payload).filter(isOfRegistry);
  return toRoundUp(messages, { id: first.roundUp, sweep: first.sweep ?? '' });
}

function isOfRegistry(payload: Alert['payload']): payload is AlertMessage {
  return payload.type === 'registry.findings.changed';
}
