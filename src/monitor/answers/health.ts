import type { Ports } from '../ports/monitor-ports.ts';
import { startRun } from '../ports/run.ts';
import {
  didRead,
  type HealthReason,
  type Measures,
  type Reason,
  type Stored,
  toAge,
  toStoredReasons,
  toStuck,
} from './health-reasons.ts';
import { type Look, lookWithin, toTrouble } from './look.ts';

/** From good to bad; `failing`: what the monitor answers can't be relied on. */
export const healthStatuses = ['ok', 'degraded', 'failing'] as const;

/** How the monitor itself is doing. */
export interface Health {
  status: (typeof healthStatuses)[number];
  /** Why it is not `ok`, the worst first; empty when it is. */
  reasons: HealthReason[];
  /** End of the last sweep that read the tenant, ISO 8601, UTC; absent before the first. */
  lastSweepEndedAt?: string;
  lastSweepOutcome?: 'complete' | 'partial' | 'failed';
  /** Seconds since then. */
  lastSweepAge?: number;
  /** Seconds after which the last sweep counts as stale. */
  staleAfter: number;
  /** When due assessments and alerts were last worked off, ISO 8601, UTC. */
  lastFollowUpAt?: string;
  /** Absent, as the rest of what is stored, while the store does not answer. */
  dueAssessments?: number;
  alerts?: { pending: number; dead: number };
}

/** What health is measured by. */
export interface HealthSettings extends Measures {
  /** What is wrong with settings of sinks that are therefore switched off. */
  sinkFaults: readonly string[];
  /** Subscriptions to watch; all in sight where there are none. */
  subscriptionIds: readonly string[];
  /** How long a part may take to answer, in milliseconds. */
  patience?: number;
}

/** How many sweeps are looked through for one that read the tenant. */
const lookBack = 20;

const quiet = { info() {}, warn() {} };

/**
 * Builds what tells how the monitor is doing, part by part: what it needs within reach, what was done when it was due,
 * and what is missing from what it should see. No part holds up the answer.
 */
export function createHealth(
  { azure, store, whoAmI, now }: Pick<Ports, 'azure' | 'store' | 'whoAmI' | 'now'>,
  { patience = 3_500, sinkFaults, subscriptionIds, ...measures }: HealthSettings,
): () => Promise<Health> {
  const builtAt = now();
  return async () => {
    const [stored, identity, subscriptions] = await Promise.all([
      lookWithin(patience, readStored()),
      lookWithin(patience, whoAmI()),
      lookWithin(patience, azure.listSubscriptions(startRun(patience, { log: quiet }))),
    ]);
    const seen = stored.state === 'seen' ? stored.value : undefined;
    const reasons: Reason[] = [
      ...toReach('store', stored),
      ...toReach('identity', identity),
      ...(identity.state === 'seen' ? toReach('arm', subscriptions) : []),
      ...sinkFaults.map((detail): Reason => ({ part: 'sinks', code: 'switched_off', detail })),
      ...(subscriptions.state === 'seen' ? toSight(subscriptions.value.flatMap(toId), subscriptionIds) : []),
      ...(seen ? toStoredReasons(seen, { ...measures, builtAt, now: now() }) : []),
    ];
    const failing = reasons.filter(({ isFailing }) => isFailing);
    const others = reasons.filter(({ isFailing }) => !isFailing);
    return {
      status: failing.length > 0 ? 'failing' : others.length > 0 ? 'degraded' : 'ok',
      reasons: [...failing, ...others].map(({ isFailing: _, ...reason }) => reason),
      staleAfter: measures.staleAfter,
      ...(seen ? toFacts(seen, now()) : {}),
    };
  };

  async function readStored(): Promise<Stored> {
    const [{ items: sweeps }, due, stuck, alerts, subscriptions, followedUpAt] = await Promise.all([
      store.sweeps.listSweeps({ limit: lookBack }),
      store.due.count(),
      store.due.countStuck(toStuck(now())),
      store.alerts.count(),
      store.sweeps.listSubscriptions(),
      store.sweeps.readFollowedUp(),
    ]);
    return { sweeps, due, stuck, alerts, subscriptions, followedUpAt };
  }
}

/** What can't be reached can't be relied on. */
function toReach(part: 'store' | 'arm' | 'identity', look: Look<unknown>): Reason[] {
  return look.state === 'seen' ? [] : [{ part, ...toTrouble(look), isFailing: true }];
}

function toId(listed: { item: { subscriptionId: string } } | { oddItem: string }): string[] {
  return 'item' in listed ? [listed.item.subscriptionId.toLowerCase()] : [];
}

function toSight(ids: readonly string[], wanted: readonly string[]): Reason[] {
  const isWanted = (id: string) => wanted.length === 0 || wanted.some((one) => one.toLowerCase() === id);
  if (ids.some(isWanted)) return [];
  const detail =
    'The identity sees no subscription that is to be watched: it needs its role there, or on a management group above';
  return [{ part: 'role', code: 'no_subscription_in_sight', detail, isFailing: true }];
}

function toFacts({ sweeps, due, alerts, followedUpAt }: Stored, now: Date): Partial<Health> {
  const latest = sweeps.find(({ endedAt }) => endedAt);
  const last = sweeps.find(didRead);
  return {
    ...(last?.endedAt ? { lastSweepEndedAt: last.endedAt, lastSweepAge: toAge(last, now) } : {}),
    ...(latest?.outcome ? { lastSweepOutcome: latest.outcome } : {}),
    ...(followedUpAt ? { lastFollowUpAt: followedUpAt } : {}),
    dueAssessments: due,
    alerts,
  };
}
