import type { DeletedKeyHolder, FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import type { Listed } from '../../domain/estate/places.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import { type ResourceId, toResourceKey } from '../../domain/estate/resource-id.ts';
import type { RoleAssignment } from '../../domain/estate/role.ts';
import { toScopeKey, toScopeKeysAbove, toSubscriptionOf } from '../../domain/estate/scope.ts';
import type { ArmAnswer, AzureReader } from '../ports/azure-ports.ts';
import type { Run } from '../ports/ports.ts';
import { memoise } from './memoise.ts';

/** Reads that decide, by the id of one thing. */
export type StrongReads = Pick<AzureReader, 'readRegistry' | 'readKeyHolder' | 'readRoleAssignments'>;

/** How many of each are going to be read in a subscription, by its id in lower case. */
export interface ExpectedReads {
  registries?: ReadonlyMap<string, number>;
  keyHolders?: ReadonlyMap<string, number>;
  /** Scopes whose role assignments are going to be read. */
  scopes?: ReadonlyMap<string, number>;
}

/** Up to so many are read one by one: a list may take several pages, and hold much that is not asked for. */
const mostSingle = 3;

/** Items that a page of ARM's lists is taken to hold; a list of more pages than there are single reads is given up. */
const pageSize = 50;

/**
 * Builds reads that answer from ARM's lists where so much of a subscription is expected that single reads would be more
 * calls. A list is as strong as they are; what it does not hold, or fails at, is read by its id.
 */
export function createStrongReads(
  azure: AzureReader,
  { registries, keyHolders, scopes }: ExpectedReads,
  single: StrongReads = azure,
): StrongReads {
  const registryLists = new Map<string, Promise<Map<string, Registry>>>();
  const holderLists = new Map<string, Promise<Map<string, FoundKeyHolder | DeletedKeyHolder>>>();
  const roleLists = new Map<string, Promise<RolesBelow | undefined>>();

  return {
    async readRegistry(id, run) {
      const subscription = id.subscriptionId.toLowerCase();
      const count = registries?.get(subscription) ?? 0;
      if (count <= mostSingle) return single.readRegistry(id, run);
      const listed = await memoise(registryLists, subscription, () => listRegistries(id, count, run));
      const value = listed.get(toResourceKey(id));
      return value ? { state: 'found', value, reading: value.reading } : single.readRegistry(id, run);
    },

    async readKeyHolder(id, run) {
      const subscription = id.subscriptionId.toLowerCase();
      const count = keyHolders?.get(subscription) ?? 0;
      if (count <= mostSingle) return single.readKeyHolder(id, run);
      const listed = await memoise(holderLists, `${id.kind} ${subscription}`, () =>
        listHolders(id, count, run),
      );
      const value = listed.get(toResourceKey(id));
      const [reading] = value?.readings ?? [];
      return value && reading ? { state: 'found', value, reading } : single.readKeyHolder(id, run);
    },

    async readRoleAssignments(scope, run) {
      const subscription = toSubscriptionOf(scope);
      const count = scopes?.get(subscription) ?? 0;
      if (count <= mostSingle) return single.readRoleAssignments(scope, run);
      const below = await memoise(roleLists, subscription, () => listRoles(subscription, count, run));
      return below
        ? { state: 'found', value: below.at(scope), reading: below.reading }
        : single.readRoleAssignments(scope, run);
    },
  };

  async function listRegistries({ subscriptionId }: ResourceId, count: number, run: Run) {
    const list = await collect(() => azure.listRegistries(subscriptionId, run), count);
    return new Map(list?.items.map((registry) => [toResourceKey(registry.id), registry]));
  }

  async function listHolders({ kind, subscriptionId }: ResourceId, count: number, run: Run) {
    const holderKind = kind === 'vault' ? 'vault' : 'managedHsm';
    const list = await collect(() => azure.listWholeKeyHolders(holderKind, subscriptionId, run), count);
    return new Map(list?.items.map(({ id, holder }) => [toResourceKey(id), holder]));
  }

  /** What applies at a scope is told by a whole list alone. */
  async function listRoles(subscription: string, count: number, run: Run): Promise<RolesBelow | undefined> {
    const list = await collect(() => azure.listRoleAssignments(subscription, run), count);
    if (!list?.isWhole) return undefined;
    const byScope = Map.groupBy(list.items, ({ scope }) => toScopeKey(scope));
    const above = list.items.filter(({ scope }) => toSubscriptionOf(scope) === '');
    return {
      reading: list.reading,
      at: (scope) => [...above, ...toScopeKeysAbove(scope).flatMap((one) => byScope.get(one) ?? [])],
    };
  }
}

/** How often each subscription is named. */
export function countBySubscription(subscriptionIds: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of subscriptionIds) counts.set(id.toLowerCase(), (counts.get(id.toLowerCase()) ?? 0) + 1);
  return counts;
}

/** Role assignments that apply somewhere in a subscription. */
interface RolesBelow {
  reading: Reading;
  at(scope: string): RoleAssignment[];
}

/** What a list holds as far as it is worth its calls; undefined for one that can't be had. */
async function collect<T>(
  read: () => Promise<ArmAnswer<AsyncIterable<Listed<T>>>>,
  count: number,
): Promise<{ items: T[]; isWhole: boolean; reading: Reading } | undefined> {
  const items: T[] = [];
  let reading: Reading | undefined;
  try {
    const answer = await read();
    if (answer.state !== 'found') return undefined;
    ({ reading } = answer);
    let seen = 0;
    for await (const listed of answer.value) {
      seen += 1;
      if (seen > count * pageSize) return { items, isWhole: false, reading };
      if ('item' in listed) items.push(listed.item);
    }
    return { items, isWhole: true, reading };
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    return reading && { items, isWhole: false, reading };
  }
}
