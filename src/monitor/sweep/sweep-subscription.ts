import pMap from 'p-map';
import type { Listed, Subscription } from '../../domain/estate/places.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import { parseRegistryId, type ResourceId } from '../../domain/estate/resource-id.ts';
import {
  assess,
  registryConcurrency as concurrency,
  except,
  isolate,
  nominate,
  type RegistrySweep,
  type RegistrySweepDeps,
} from './sweep-registry.ts';

/** Sweeps one subscription by its list in ARM; throws when the list breaks off, after what came of it was dealt with. */
export async function sweepSubscription(
  deps: RegistrySweepDeps,
  sweep: RegistrySweep,
  { subscriptionId, tenantId }: Pick<Subscription, 'subscriptionId' | 'tenantId'>,
): Promise<'read' | 'unreadable'> {
  const { marks, tally, run, shared } = sweep;
  const answer = await deps.azure.listRegistries(subscriptionId, run);
  if (answer.state !== 'found') {
    const reason = answer.state === 'forbidden' ? 'subscription_forbidden' : 'subscription_not_found';
    except(deps, tally, { subscriptionId, reason });
    return 'unreadable';
  }
  const list = { broken: undefined as unknown };
  await pMap(untilBroken(answer.value, list), visit, { concurrency });
  if (list.broken) throw list.broken;
  await confirmVanished(deps, sweep, subscriptionId);
  return 'read';

  async function visit(listed: Listed<Registry>): Promise<void> {
    if ('oddItem' in listed) {
      const id = parseRegistryId(listed.oddItem);
      if (id) marks.see(id);
      return except(deps, tally, { subscriptionId, registryId: listed.oddItem, reason: listed.reason });
    }
    const { item: registry } = listed;
    if (!marks.see(registry.id)) return;
    tally.record.registries += 1;
    const toPosture = () => shared.reader.complete(registry);
    await isolate(deps, sweep, registry.id, () =>
      nominate(deps, sweep, { registry, toPosture, ...(tenantId ? { tenantId } : {}) }),
    );
  }
}

/** Reads by id what an inventory no longer shows of a subscription: only ARM says that a registry is gone. */
export async function confirmVanished(
  deps: RegistrySweepDeps,
  sweep: RegistrySweep,
  subscriptionId: string,
): Promise<void> {
  await pMap(sweep.marks.listUnseen(subscriptionId), confirm, { concurrency });

  function confirm(id: ResourceId): Promise<void> {
    return isolate(deps, sweep, id, async () => {
      // As Azure wrote it: the sweep itself holds it in lower case.
      const stored = await deps.store.readRegistry(id);
      await assess(deps, sweep, parseRegistryId(stored?.registryId ?? '') ?? id);
    });
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
