import type { Log, Run, SubscriptionRecord, SweepException, SweepLog } from './ports.ts';

/** What became of each subscription in a sweep, by its id in lower case; `failed` leaves its record as it was. */
export type Coverage = Map<string, 'read' | 'unreadable' | 'failed'>;

/** What recording coverage needs. */
export interface CoverageDeps {
  sweeps: SweepLog;
  /** Subscriptions to watch; all that the identity sees when empty. */
  subscriptionIds: readonly string[];
  now(): Date;
  log: Log;
}

/** Writes down which subscriptions were read, could not be read, or are no longer seen; a record changes only with its state. */
export async function recordCoverage(
  { sweeps, subscriptionIds, now, log }: CoverageDeps,
  coverage: Coverage,
  { run, sweep }: { run: Run; sweep: string },
): Promise<SweepException[]> {
  const at = now().toISOString();
  const known = new Map((await sweeps.listSubscriptions()).map((record) => [record.subscriptionId, record]));
  const wanted = new Set([...known.keys(), ...subscriptionIds.map((id) => id.toLowerCase())]);
  const isInScope = (id: string) =>
    subscriptionIds.length === 0 || subscriptionIds.some((s) => s.toLowerCase() === id);
  const lost = [...wanted].filter((id) => isInScope(id) && !coverage.has(id));
  for (const [subscriptionId, state] of coverage) {
    if (state !== 'failed') await put({ subscriptionId, state });
  }
  for (const subscriptionId of lost) {
    log.warn(
      `Subscription ${subscriptionId} is not seen any more: nothing of it is confirmed, nothing is closed`,
    );
    await put({ subscriptionId, state: 'lost' });
  }
  return lost.map((subscriptionId) => ({ sweep, subscriptionId, reason: 'subscription_lost' }));

  async function put({
    subscriptionId,
    state,
  }: Pick<SubscriptionRecord, 'subscriptionId' | 'state'>): Promise<void> {
    const before = known.get(subscriptionId);
    if (before?.state === state) return;
    await sweeps.putSubscription({ subscriptionId, state, since: at, firstSeen: before?.firstSeen ?? at });
    run.rowsWritten += 1;
  }
}
