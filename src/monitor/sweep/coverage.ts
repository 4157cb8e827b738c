import pMap from 'p-map';
import { toPresent } from '../../domain/estate/present.ts';
import { raiseCoverageAlerts } from '../alerts/raise-alert.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run, SubscriptionRecord, SweepException } from '../ports/ports.ts';
import { readEvents } from './read-events.ts';

/** What became of each subscription in a sweep, by its id in lower case; `failed` leaves its record as it was. */
export type Coverage = Map<string, 'read' | 'unreadable' | 'failed'>;

/** One sweep's coverage. */
export interface SweptCoverage {
  coverage: Coverage;
  /** Display names by id in lower case, of those in sight. */
  names: ReadonlyMap<string, string>;
  /** Ids of the subscriptions to watch, in lower case; absent when all in sight are. */
  wanted: ReadonlySet<string> | undefined;
  /** Whether every item of the list of subscriptions could be read: only then is one that is not in it lost. */
  isListWhole: boolean;
  sweep: string;
  run: Run;
}

/** Records that are written at once. */
const concurrency = 16;

/** For how long it is taken for granted whether events reach the monitor, in milliseconds. */
const eventsKnownFor = 86_400_000;

/**
 * Writes down which subscriptions were read, could not be read, or are no longer seen; a record changes only with its
 * state, and losing a subscription raises one alert. Once a day it also tells whether events come from each.
 */
export async function recordCoverage(
  { setup, store: { sweeps, alerts }, sinks, now }: Pick<Ports, 'setup' | 'store' | 'sinks' | 'now'>,
  { coverage, names, wanted, isListWhole, sweep, run }: SweptCoverage,
): Promise<{ exceptions: SweepException[]; withoutEvents: number }> {
  const at = now().toISOString();
  const known = new Map((await sweeps.listSubscriptions()).map((record) => [record.subscriptionId, record]));
  const expected = isListWhole ? (wanted ?? known.keys()) : [];
  let withoutEvents = 0;
  const lost = [...expected].filter((id) => !coverage.has(id) && known.get(id)?.state !== 'forgotten');
  await pMap(coverage, ([id, state]) => (state === 'failed' ? undefined : put(id, state)), { concurrency });
  await pMap(lost, lose, { concurrency });
  const exceptions = lost.map((subscriptionId) => ({ sweep, subscriptionId, reason: 'subscription_lost' }));
  return { exceptions, withoutEvents };

  async function put(subscriptionId: string, state: SubscriptionRecord['state']): Promise<void> {
    const before = known.get(subscriptionId);
    const events = state === 'read' ? await lookAtEvents(subscriptionId, before) : {};
    if (events.events === 'missing') withoutEvents += 1;
    const subscriptionName = names.get(subscriptionId) ?? before?.subscriptionName;
    const isSame =
      before?.state === state &&
      before.eventsCheckedAt === events.eventsCheckedAt &&
      before.subscriptionName === subscriptionName;
    if (isSame || (before?.state === state && state !== 'read')) return;
    const since = before?.state === state ? before.since : at;
    await sweeps.putSubscription({
      subscriptionId,
      ...(subscriptionName ? { subscriptionName } : {}),
      state,
      since,
      firstSeen: before?.firstSeen ?? at,
      ...events,
    });
    run.rowsWritten += 1;
  }

  async function lookAtEvents(
    subscriptionId: string,
    before: SubscriptionRecord | undefined,
  ): Promise<Pick<SubscriptionRecord, 'events' | 'eventsCheckedAt'>> {
    const { events, eventsCheckedAt } = before ?? {};
    const isKnown = eventsCheckedAt && Date.parse(at) - Date.parse(eventsCheckedAt) < eventsKnownFor;
    if (isKnown || run.signal.aborted) return toPresent({ events, eventsCheckedAt });
    return { events: await readEvents(setup, subscriptionId, run), eventsCheckedAt: at };
  }

  async function lose(subscriptionId: string): Promise<void> {
    run.log.warn(
      `Subscription ${subscriptionId} is not in sight: nothing of it is confirmed, nothing is closed`,
    );
    const before = known.get(subscriptionId);
    if (before && before.state !== 'lost') await raise(before);
    await put(subscriptionId, 'lost');
  }

  /** Before the state is written: a crash in between repeats the alert with the same id rather than losing it. */
  async function raise({ subscriptionId, since }: SubscriptionRecord): Promise<void> {
    const lost = { subscriptionId, readSince: since, at, sweep };
    const raised = raiseCoverageAlerts(lost, sinks);
    await Promise.all(raised.map(alerts.add));
    run.rowsWritten += raised.length;
  }
}
