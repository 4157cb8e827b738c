import type { SubscriptionRecord, SweepRecord } from '../ports/ports.ts';
import { isInterrupted } from '../sweep/interrupted.ts';
import type { Sight } from './confirmation.ts';

/** Parts of the monitor. */
export const healthParts = [
  'settings',
  'store',
  'arm',
  'identity',
  'sinks',
  'alerts',
  'sweep',
  'coverage',
  'events',
  'role',
] as const;

/** What of the monitor is not as it should be. */
export interface HealthReason {
  part: (typeof healthParts)[number];
  /** Stable, in snake_case. */
  code: string;
  /** In words; names settings, never their values. */
  detail: string;
  /** Since when, ISO 8601, UTC, where that is known. */
  since?: string;
}

/** A reason, and whether nothing can be relied on for it. */
export type Reason = HealthReason & { isFailing?: boolean };

/** What the store tells of the monitor. */
export interface Stored extends Sight {
  /** How many assessments are due, and how many of them grow old. */
  due: number;
  stuck: number;
  alerts: { pending: number; dead: number };
  followedUpAt: string | undefined;
}

/** What it is measured by. */
export interface Measures {
  /** Seconds after which the last sweep counts as stale. */
  staleAfter: number;
  /** Longest time for a sweep, in milliseconds. */
  sweepTimeout: number;
  /** When the sweep runs next after a time. */
  nextSweep(after: Date): Date | undefined;
}

type Timed = Measures & { now: Date };
type Clocked = Timed & { builtAt: Date };

/** How late something may begin, in milliseconds. */
const grace = { sweep: 600_000, followUp: 300_000, assessment: 600_000 };

/** An assessment that failed so often has been repeated for most of an hour. */
const manyTries = 7;

/** Which due assessments grow old. */
export function toStuck(now: Date): { dueBefore: string; tries: number } {
  return { dueBefore: new Date(now.getTime() - grace.assessment).toISOString(), tries: manyTries };
}

/** What the store tells that is not as it should be. */
export function toStoredReasons(stored: Stored, clocked: Clocked): Reason[] {
  return [
    ...toSweepReasons(stored.sweeps, clocked),
    ...toCoverageReasons(stored.subscriptions),
    ...toWorkReasons(stored, clocked),
  ];
}

/** Whether a sweep came to an end and read the tenant. */
export function didRead({ endedAt, outcome }: SweepRecord): boolean {
  return endedAt !== undefined && outcome !== 'failed';
}

/** Seconds since a sweep ended. */
export function toAge({ endedAt = '' }: SweepRecord, now: Date): number {
  return Math.round((now.getTime() - Date.parse(endedAt)) / 1000);
}

/** Why what is stored may not be the whole truth of the tenant as it is now. */
export function toSightReasons({ sweeps, subscriptions }: Sight, measured: Timed): HealthReason[] {
  const reasons = [...toSweepReasons(sweeps, measured), ...toCoverageReasons(subscriptions)];
  return reasons.filter(({ part }) => part !== 'events').map(({ isFailing: _, ...reason }) => reason);
}

function toSweepReasons(sweeps: readonly SweepRecord[], clocked: Timed): Reason[] {
  const [latest] = sweeps;
  const last = sweeps.find(didRead);
  const ended = sweeps.find(({ endedAt }) => endedAt);
  return [
    ...(last ? [] : [toReason('never_swept', 'No sweep has read the tenant yet: nothing is known', true)]),
    ...(last && toAge(last, clocked.now) > clocked.staleAfter
      ? [toReason('stale', 'No sweep has read the tenant for too long', true, last.endedAt)]
      : []),
    ...(last && last.registries > 0 && last.unconfirmed >= last.registries
      ? [toReason('nothing_confirmed', 'The last sweep could confirm no registry', true, last.endedAt)]
      : []),
    ...(ended ? toEndReasons(ended) : []),
    ...(latest ? toBeginReasons(latest, clocked) : []),
  ];
}

function toReason(code: string, detail: string, isFailing = false, since?: string): Reason {
  return { part: 'sweep', code, detail, isFailing, ...(since ? { since } : {}) };
}

function toEndReasons({ outcome, interrupted, endedAt }: SweepRecord): Reason[] {
  if (interrupted)
    return [toReason('interrupted', 'The last sweep was cut off before its end', false, endedAt)];
  if (outcome === 'failed')
    return [toReason('failed', 'The last sweep failed: its exceptions say why', false, endedAt)];
  if (outcome !== 'partial') return [];
  const detail = 'The last sweep could not confirm everything: its exceptions say what';
  return [toReason('partial', detail, false, endedAt)];
}

function toBeginReasons(latest: SweepRecord, { sweepTimeout, nextSweep, now }: Timed): Reason[] {
  const { startedAt, endedAt } = latest;
  if (isInterrupted(latest, sweepTimeout, now))
    return [toReason('interrupted', 'The last sweep was cut off before its end', false, startedAt)];
  const due = endedAt ? nextSweep(new Date(endedAt)) : undefined;
  if (!due || now.getTime() - due.getTime() <= grace.sweep) return [];
  const detail = 'No sweep has begun since one was due: see whether the host runs the timer "sweep"';
  return [toReason('not_begun', detail, false, due.toISOString())];
}

function toWorkReasons({ due, stuck, alerts, followedUpAt }: Stored, { builtAt, now }: Clocked): Reason[] {
  const reasons: Reason[] = [];
  const isPast = (time: string, by: number) => now.getTime() - Date.parse(time) > by;
  const since = followedUpAt ?? builtAt.toISOString();
  if (isPast(since, grace.followUp)) {
    const detail =
      'What is due is not worked off, no alert is sent again: see whether the host runs the timer "followUp"';
    reasons.push({ part: 'alerts', code: 'follow_up_not_begun', detail, since });
  }
  if (alerts.dead > 0) {
    const detail = `Alerts that no receiver took, and that were given up: ${alerts.dead}`;
    reasons.push({ part: 'alerts', code: 'dead_alerts', detail });
  }
  if (stuck > 0) {
    const detail = `Assessments that are due since long, or fail again and again: ${stuck} of ${due}`;
    reasons.push({ part: 'coverage', code: 'assessments_overdue', detail });
  }
  return reasons;
}

function toCoverageReasons(coverage: readonly SubscriptionRecord[]): Reason[] {
  const watched = coverage.filter(({ state }) => state !== 'forgotten');
  const read = watched.filter(({ state }) => state === 'read');
  const isBlind = watched.length > 0 && read.length === 0;
  const blind = 'No subscription can be read: nothing that is told of them is confirmed';
  return [
    ...(isBlind
      ? [{ part: 'coverage', code: 'nothing_confirmed', detail: blind, isFailing: true } as const]
      : []),
    ...toCounted(
      watched.filter(({ state }) => state === 'unreadable'),
      { part: 'coverage', code: 'subscriptions_unreadable', detail: 'Subscriptions that can’t be read' },
    ),
    ...toCounted(
      watched.filter(({ state }) => state === 'lost'),
      { part: 'coverage', code: 'subscriptions_lost', detail: 'Subscriptions that are out of sight' },
    ),
    ...toCounted(
      read.filter(({ events }) => events === 'missing'),
      { part: 'events', code: 'events_missing', detail: 'Subscriptions that send no events' },
    ),
    ...toCounted(
      read.filter(({ events }) => events === 'unknown'),
      {
        part: 'events',
        code: 'events_unknown',
        detail: 'Subscriptions of which nobody can tell whether they send events',
      },
    ),
  ];
}

/** One reason for all subscriptions of a kind, with the first few by id; since the first of them is so. */
function toCounted(
  meant: readonly SubscriptionRecord[],
  { detail, ...reason }: HealthReason,
): HealthReason[] {
  if (meant.length === 0) return [];
  const some = meant.slice(0, 3).map(({ subscriptionId }) => subscriptionId);
  const more = meant.length > some.length ? `, and ${meant.length - some.length} more` : '';
  const [since] = reason.part === 'coverage' ? meant.map((one) => one.since).sort() : [];
  return [{ ...reason, detail: `${detail}: ${some.join(', ')}${more}`, ...(since ? { since } : {}) }];
}
