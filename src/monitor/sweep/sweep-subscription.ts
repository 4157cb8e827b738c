import pMap from 'p-map';
import type { Listed, Subscription } from '../../domain/estate/places.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import { parseRegistryId, type ResourceId, toResourceKey } from '../../domain/estate/resource-id.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import { toReason } from '../ports/run.ts';
import { createStrongReads, type StrongReads } from '../posture/strong-reads.ts';
import type { Coverage } from './coverage.ts';
import { expectReads } from './expect-reads.ts';
import {
  registryConcurrency as concurrency,
  except,
  type RegistrySweep,
  type RegistrySweeper,
} from './sweep-registry.ts';

/** A sweep as far as ARM's lists are concerned. */
export interface ListSweep extends RegistrySweep {
  coverage: Coverage;
  /** Strong reads by the subscription that is being swept, by its id in lower case. */
  strong: Map<string, StrongReads>;
  onProgress(): void;
}

/** What a sweep does with one subscription. */
export interface SubscriptionSweeper {
  /** Sweeps it by its list in ARM, and notes what became of it; its failure costs one subscription. */
  cover(sweep: ListSweep, subscription: Subscription): Promise<void>;
  /** Reads by id what an inventory no longer shows of it: only ARM says that a registry is gone. */
  confirmVanished(sweep: RegistrySweep, subscriptionId: string): Promise<void>;
}

/** Registries that are looked at together. */
const batchSize = 1_000;

/** Builds it. */
export function createSubscriptionSweeper(
  { azure, store }: Pick<Ports, 'azure' | 'store'>,
  { registries, rules }: { registries: RegistrySweeper; rules: RuleSet },
): SubscriptionSweeper {
  return { cover, confirmVanished };

  async function cover(sweep: ListSweep, subscription: Subscription): Promise<void> {
    const { coverage, run, onProgress } = sweep;
    const { subscriptionId } = subscription;
    const key = subscriptionId.toLowerCase();
    try {
      run.signal.throwIfAborted();
      coverage.set(key, await sweepList(sweep, subscription));
    } catch (error) {
      coverage.set(key, 'failed');
      except(sweep, { subscriptionId, reason: run.signal.aborted ? 'time_over' : toReason(error) });
    }
    onProgress();
  }

  /** Throws when the list breaks off, after what came of it was dealt with. */
  async function sweepList(sweep: ListSweep, subscription: Subscription): Promise<'read' | 'unreadable'> {
    const { subscriptionId } = subscription;
    const answer = await azure.listRegistries(subscriptionId, sweep.run);
    if (answer.state !== 'found') {
      const reason = answer.state === 'forbidden' ? 'subscription_forbidden' : 'subscription_not_found';
      except(sweep, { subscriptionId, reason });
      return 'unreadable';
    }
    for await (const { items, failure } of inBatches(answer.value)) {
      await sweepBatch(sweep, subscription, items);
      if (failure) throw failure.error;
    }
    await confirmVanished(sweep, subscriptionId);
    return 'read';
  }

  async function sweepBatch(
    sweep: ListSweep,
    { subscriptionId, tenantId }: Subscription,
    listed: readonly Listed<Registry>[],
  ): Promise<void> {
    const { marks, shared, strong } = sweep;
    const shown = new Map<string, Registry>();
    for (const one of listed) {
      if ('oddItem' in one) {
        const id = parseRegistryId(one.oddItem);
        if (id) marks.see(id);
        except(sweep, { subscriptionId, registryId: one.oddItem, reason: one.reason });
      } else if (marks.see(one.item.id)) shown.set(toResourceKey(one.item.id), one.item);
    }
    const all = [...shown.values()];
    // Key holders mostly lie where their registries do.
    const expected = expectReads(all, rules, ({ id }) => id.subscriptionId);
    strong.set(subscriptionId.toLowerCase(), createStrongReads(azure, expected));
    const rows = all.map((registry) => ({
      registry,
      tenantId,
      toPosture: () => shared.reader.complete(registry, tenantId),
    }));
    // What the list shows was read from ARM after the rows' versions, as a single read would have been.
    await registries.sweep(sweep, rows, () => ({ ...shared, strong: { readRegistry } }));
    strong.delete(subscriptionId.toLowerCase());

    async function readRegistry(id: ResourceId) {
      const value = shown.get(toResourceKey(id));
      return value
        ? { state: 'found' as const, value, reading: value.reading }
        : azure.readRegistry(id, sweep.run);
    }
  }

  async function confirmVanished(sweep: RegistrySweep, subscriptionId: string): Promise<void> {
    await pMap(sweep.marks.listUnseen(subscriptionId), confirm, { concurrency });

    function confirm(id: ResourceId): Promise<void> {
      return registries.isolate(sweep, id, async () => {
        // As Azure wrote it: the sweep itself holds it in lower case.
        const stored = await store.findings.readRegistry(id);
        await registries.assess(sweep, parseRegistryId(stored?.registryId ?? '') ?? id);
      });
    }
  }
}

/** Yields what comes before a list breaks off, with what broke it. */
async function* inBatches<T>(
  items: AsyncIterable<T>,
): AsyncGenerator<{ items: T[]; failure?: { error: unknown } }> {
  let batch: T[] = [];
  try {
    for await (const item of items) {
      batch.push(item);
      if (batch.length < batchSize) continue;
      yield { items: batch };
      batch = [];
    }
  } catch (error) {
    yield { items: batch, failure: { error } };
    return;
  }
  yield { items: batch };
}
