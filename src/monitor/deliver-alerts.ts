import pMap from 'p-map';
import type { Alert, AlertMessage, Message } from '../domain/alert.ts';
import { leaseTime } from './decide-commit.ts';
import { toDigestMessage } from './digest-alerts.ts';
import type { AlertSink, AlertStore, Delivery, Log, Run, StoredAlert } from './ports.ts';
import { waitWithin } from './run.ts';

/** What delivering needs. */
export interface DeliveryDeps {
  alerts: AlertStore;
  sink: AlertSink | undefined;
  /** Waits between tries, in milliseconds. */
  retrySchedule: readonly number[];
  now(): Date;
  log: Log;
}

/** What a round of deliveries came to, in alerts. */
export interface Deliveries {
  delivered: number;
  failed: number;
}

/** More alerts of one sweep than this become one digest. */
const digestAbove = 5;
const concurrency = 4;

/** Sends alerts. */
export interface AlertDelivery {
  /** Sends alerts that the caller holds the lease of; does not wait beyond the run's time. */
  sendAtOnce(alerts: readonly StoredAlert[], run: Run): Promise<void>;
  /** Sends what is due, or all that one sweep left, until the run's time is over. */
  sendDue(run: Run, sweep?: string): Promise<Deliveries>;
}

/** Builds the delivery of alerts: each is sent under a lease, until a receiver took it or it is declared dead. */
export function createAlertDelivery({ alerts, sink, retrySchedule, now, log }: DeliveryDeps): AlertDelivery {
  return { sendAtOnce, sendDue };

  async function sendAtOnce(leased: readonly StoredAlert[], run: Run): Promise<void> {
    // An event has to be acknowledged, however slow a receiver is: what is not settled by then is repeated after the lease.
    for (const alert of leased) if (!run.signal.aborted) await waitWithin(run, send([alert], run));
  }

  async function sendDue(run: Run, sweep?: string): Promise<Deliveries> {
    const total = { delivered: 0, failed: 0 };
    if (!sink) return total;
    const groups = toGroups(await alerts.listSendable(now().toISOString(), sweep));
    await pMap(groups, sendGroup, { concurrency });
    return total;

    async function sendGroup(group: StoredAlert[]): Promise<void> {
      if (run.signal.aborted) return;
      const until = new Date(now().getTime() + leaseTime).toISOString();
      const leased = await pMap(group, (alert) => alerts.lease(alert, until), { concurrency: 16 });
      const mine = leased.flatMap((alert) => alert ?? []);
      if (mine.length === 0) return;
      const isDelivered = await send(mine, run);
      total[isDelivered ? 'delivered' : 'failed'] += mine.length;
    }
  }

  /** Sends one message for one alert, or one digest for several; never throws: what failed is repeated. */
  async function send(leased: readonly StoredAlert[], run: Run): Promise<boolean> {
    const [first] = leased;
    if (!sink || !first) return false;
    try {
      const message = toMessage(leased, first, now());
      const delivery = await sink.deliver(message);
      await pMap(leased, (alert) => settle(alert, delivery), { concurrency: 16 });
      run.rowsWritten += leased.length;
      if (delivery.state !== 'delivered')
        log.warn(`Alert ${message.id} was not delivered: ${delivery.error}`);
      return delivery.state === 'delivered';
    } catch (error) {
      log.warn(`Alert ${first.id} could not be settled, it is repeated: ${(error as Error).message}`);
      return false;
    }
  }

  async function settle(alert: StoredAlert, delivery: Delivery): Promise<void> {
    if (delivery.state === 'delivered') return alerts.remove(alert);
    const { leasedUntil: _, ...unleased } = alert;
    const attempts = alert.attempts + 1;
    const wait = retrySchedule[alert.attempts];
    if (delivery.state === 'refused' || wait === undefined) {
      log.warn(`Alert ${alert.id} is dead after ${attempts} attempts: ${delivery.error}`);
      return alerts.postpone({ ...unleased, status: 'dead', attempts, lastError: delivery.error });
    }
    const due = new Date(now().getTime() + Math.max(wait, delivery.retryAfter ?? 0)).toISOString();
    return alerts.postpone({ ...unleased, attempts, due, lastError: delivery.error });
  }
}

/** Alerts about registries of one sweep go together when they are many; all others go alone. */
function toGroups(pending: readonly StoredAlert[]): StoredAlert[][] {
  const bySweep = Map.groupBy(pending, ({ sweep, payload }) => (isOfRegistry(payload) ? sweep : undefined));
  return [...bySweep].flatMap(([sweep, group]) =>
    sweep !== undefined && group.length > digestAbove ? [group] : group.map((alert) => [alert]),
  );
}

function toMessage(leased: readonly StoredAlert[], first: StoredAlert, now: Date): Message {
  const messages = leased.map(({ payload }) => payload).filter(isOfRegistry);
  return leased.length === 1 ? first.payload : toDigestMessage(messages, { sweep: first.sweep ?? '', now });
}

function isOfRegistry(payload: Alert['payload']): payload is AlertMessage {
  return payload.type === 'registry.findings.changed';
}
