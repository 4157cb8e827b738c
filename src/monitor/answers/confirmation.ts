import type { RegistryRecord } from '../../domain/record/finding.ts';
import type { SubscriptionRecord, SweepRecord, SweepStore } from '../ports/ports.ts';

/** How old the proof of what is told of a registry is; times are ISO 8601, UTC. */
export interface Confirmation {
  /** When an assessment or a sweep last confirmed it; it may have been later where many sweeps could not. */
  confirmedAt: string;
  /** Since when sweeps can't confirm it; absent while they can. */
  unconfirmedSince?: string;
}

type Registry = Pick<RegistryRecord, 'registryId' | 'subscriptionId' | 'state' | 'assessedAt'>;

/** What sweeps saw of the tenant. */
export interface Sight {
  /** The last ones, newest first. */
  sweeps: readonly SweepRecord[];
  subscriptions: readonly SubscriptionRecord[];
}

/**
 * Tells how old the proof of what is told of registries is. An assessment proves at its own time; a sweep proves at its
 * start whatever it made no exception of: what did not change it does not write again.
 */
export async function confirm(
  registries: readonly Registry[],
  { sweeps, subscriptions }: Sight,
  log: SweepStore,
): Promise<Confirmation[]> {
  const confirmations = registries.map(({ assessedAt }): Confirmation => ({ confirmedAt: assessedAt }));
  const bySubscription = new Map(subscriptions.map((one) => [one.subscriptionId.toLowerCase(), one]));
  let open = [...registries.keys()].filter((index) => registries[index]?.state === 'present');
  for (const sweep of sweeps.filter(({ endedAt }) => endedAt)) {
    if (open.length === 0) break;
    const missed = await readMissed(log, sweep);
    open = open.filter((index) => isLeftOpen(index, sweep, missed));
  }
  return confirmations;

  /** Whether a sweep tells nothing of a registry, so that an earlier one has to be asked. */
  function isLeftOpen(
    index: number,
    { startedAt }: SweepRecord,
    missed: (one: Registry) => boolean,
  ): boolean {
    const [registry, confirmation] = [registries[index], confirmations[index]];
    if (!registry || !confirmation || registry.assessedAt >= startedAt) return false;
    const subscription = bySubscription.get(registry.subscriptionId.toLowerCase());
    const isSeen = subscription?.state === 'read' || startedAt < (subscription?.since ?? startedAt);
    if (isSeen && !missed(registry)) {
      confirmation.confirmedAt = startedAt;
      return false;
    }
    confirmation.unconfirmedSince = isSeen || !subscription ? startedAt : subscription.since;
    return true;
  }
}

/** What a sweep could not confirm; everything, where it failed or was cut off. */
async function readMissed(log: SweepStore, sweep: SweepRecord): Promise<(registry: Registry) => boolean> {
  if (sweep.outcome === 'complete') return () => false;
  if (sweep.outcome === 'failed' || sweep.interrupted) return () => true;
  const missed = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await log.listExceptions(sweep, { limit: 1000, ...(cursor ? { cursor } : {}) });
    for (const { registryId, subscriptionId } of page.items)
      missed.add((registryId ?? subscriptionId ?? '').toLowerCase());
    cursor = page.nextCursor;
  } while (cursor);
  return ({ registryId, subscriptionId }) =>
    missed.has(registryId.toLowerCase()) || missed.has(subscriptionId.toLowerCase());
}
