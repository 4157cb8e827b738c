import pMap from 'p-map';
import type { Listed, Subscription } from '../../domain/estate/places.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import { parseRegistryId, type ResourceId } from '../../domain/estate/resource-id.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import {
  registryConcurrency as concurrency,
  except,
  type RegistrySweep,
  type RegistrySweeper,
} from './sweep-registry.ts';

/** What a sweep does with one subscription. */
export interface SubscriptionSweeper {
  /** Sweeps it by its list in ARM; throws when the list breaks off, after what came of it was dealt with. */
  sweep(
    sweep: RegistrySweep,
    subscription: Pick<Subscription, 'subscriptionId' | 'tenantId'>,
  ): Promise<'read' | 'unreadable'>;
  /** Reads by id what an inventory no longer shows of it: only ARM says that a registry is gone. */
  confirmVanished(sweep: RegistrySweep, subscriptionId: string): Promise<void>;
}

/** Builds it. */
export function createSubscriptionSweeper(
  { azure, store }: Pick<Ports, 'azure' | 'store'>,
  { nominate, assess, isolate }: RegistrySweeper,
): SubscriptionSweeper {
  return { sweep: sweepSubscription, confirmVanished };

  async function sweepSubscription(
    sweep: RegistrySweep,
    { subscriptionId, tenantId }: Pick<Subscription, 'subscriptionId' | 'tenantId'>,
  ): Promise<'read' | 'unreadable'> {
    const { marks, tally, run, shared } = sweep;
    const answer = await azure.listRegistries(subscriptionId, run);
    if (answer.state !== 'found') {
      const reason = answer.state === 'forbidden' ? 'subscription_forbidden' : 'subscription_not_found';
      except(sweep, { subscriptionId, reason });
      return 'unreadable';
    }
    const list = { broken: undefined as unknown };
    await pMap(untilBroken(answer.value, list), visit, { concurrency });
    if (list.broken) throw list.broken;
    await confirmVanished(sweep, subscriptionId);
    return 'read';

    async function visit(listed: Listed<Registry>): Promise<void> {
      if ('oddItem' in listed) {
        const id = parseRegistryId(listed.oddItem);
        if (id) marks.see(id);
        return except(sweep, { subscriptionId, registryId: listed.oddItem, reason: listed.reason });
      }
      const { item: registry } = listed;
      if (!marks.see(registry.id)) return;
      tally.record.registries += 1;
      const toPosture = () => shared.reader.complete(registry);
      await isolate(sweep, registry.id, () =>
        nominate(sweep, { registry, toPosture, ...(tenantId ? { tenantId } : {}) }),
      );
    }
  }

  async function confirmVanished(sweep: RegistrySweep, subscriptionId: string): Promise<void> {
    await pMap(sweep.marks.listUnseen(subscriptionId), confirm, { concurrency });

    function confirm(id: ResourceId): Promise<void> {
      return isolate(sweep, id, async () => {
        // As Azure wrote it: the sweep itself holds it in lower case.
        const stored = await store.findings.readRegistry(id);
        await assess(sweep, parseRegistryId(stored?.registryId ?? '') ?? id);
      });
    }
  }
}

/** Yields what comes before a list breaks off, so that what is under way can be waited for. */
async function* untilBroken<T>(items: AsyncIterable<T>, list: { broken: unknown }): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    list.broken = error;
  }
}
