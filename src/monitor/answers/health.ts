import type { Ports } from '../ports/monitor-ports.ts';

/** How the monitor itself is doing. */
export interface Health {
  status: 'ok' | 'stale';
  /** End of the last sweep that read the tenant, ISO 8601, UTC; absent before the first. */
  lastSweepEndedAt?: string;
  lastSweepOutcome?: 'complete' | 'partial' | 'failed';
  /** Seconds since then. */
  lastSweepAge?: number;
  /** Seconds after which the last sweep counts as stale. */
  staleAfter: number;
  dueAssessments: number;
  alerts: { pending: number; dead: number };
}

/** How many sweeps are looked through for one that read the tenant. */
const lookBack = 20;

/**
 * Tells how old the last sweep is and what waits; `stale` when no sweep has read the tenant for the given time, in
 * seconds.
 */
export async function checkHealth(
  { store: { sweeps, due, alerts }, now }: Pick<Ports, 'store' | 'now'>,
  staleAfter: number,
): Promise<Health> {
  const [{ items }, dueAssessments, waiting] = await Promise.all([
    sweeps.listSweeps({ limit: lookBack }),
    due.count(),
    alerts.count(),
  ]);
  const latest = items.find(({ endedAt }) => endedAt);
  const last = items.find(({ endedAt, outcome }) => endedAt && outcome !== 'failed');
  const age = last?.endedAt ? (now().getTime() - Date.parse(last.endedAt)) / 1000 : undefined;
  return {
    status: age !== undefined && age <= staleAfter ? 'ok' : 'stale',
    ...(last?.endedAt ? { lastSweepEndedAt: last.endedAt } : {}),
    ...(latest?.outcome ? { lastSweepOutcome: latest.outcome } : {}),
    ...(age === undefined ? {} : { lastSweepAge: Math.round(age) }),
    staleAfter,
    dueAssessments,
    alerts: waiting,
  };
}
