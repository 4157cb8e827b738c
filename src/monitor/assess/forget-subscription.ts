import { parseRegistryId, type ResourceId } from '../../domain/estate/resource-id.ts';
import type { AlertDelivery } from '../alerts/deliver-alerts.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import { decideClosingCommit } from './decide-commit.ts';
import { winRace } from './win-race.ts';

/** What forgetting came to. */
export type Forgotten =
  | { state: 'forgotten'; registries: number; closed: number }
  /** It was never read, or it is still in sight: then its registries speak for themselves. */
  | { state: 'refused'; reason: 'never_seen' | 'still_in_sight' };

/** Builds what closes, on record, what is open on the registries of a subscription that is gone for good. */
export function createForgetSubscription(
  { store: { findings: store, due, sweeps }, sinks, now }: Pick<Ports, 'store' | 'sinks' | 'now'>,
  delivery: AlertDelivery,
): (subscriptionId: string, run: Run) => Promise<Forgotten> {
  return forgetSubscription;

  async function forgetSubscription(subscriptionId: string, run: Run): Promise<Forgotten> {
    const key = subscriptionId.toLowerCase();
    const record = (await sweeps.listSubscriptions()).find(
      (known) => known.subscriptionId.toLowerCase() === key,
    );
    if (!record) return { state: 'refused', reason: 'never_seen' };
    if (record.state === 'read' || record.state === 'unreadable')
      return { state: 'refused', reason: 'still_in_sight' };
    const total = { registries: 0, closed: 0 };
    for await (const { registryId, state } of store.listMarks()) {
      const id = parseRegistryId(registryId);
      if (id?.subscriptionId.toLowerCase() !== key || state !== 'present') continue;
      total.registries += 1;
      total.closed += await closeRegistry(id, run);
    }
    for (const item of await due.listDue('9999', Number.POSITIVE_INFINITY)) {
      const id = parseRegistryId(item.registryId);
      if (id?.subscriptionId.toLowerCase() === key) await due.settle(item, 'done');
    }
    if (record.state !== 'forgotten') {
      await sweeps.putSubscription({ ...record, state: 'forgotten', since: now().toISOString() });
    }
    return { state: 'forgotten', ...total };
  }

  /** Answers how many findings were closed. */
  function closeRegistry(id: ResourceId, run: Run): Promise<number> {
    return winRace(id, async () => {
      const stored = await store.readRegistry(id);
      if (stored?.state !== 'present') return 0;
      const findings = await store.readFindings(id);
      const context = { stored, findings, source: 'manual', routes: sinks, now: now() } as const;
      const commit = decideClosingCommit({ id, reason: 'subscription_forgotten' }, context);
      const result = await store.commit(commit);
      if (result.state === 'lostRace') return undefined;
      run.rowsWritten += result.rows;
      delivery.sendAtOnce(result.alerts, run);
      return commit.findings.length;
    });
  }
}
