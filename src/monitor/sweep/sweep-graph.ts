import pMap from 'p-map';
import type { KeyHolder } from '../../domain/estate/key-holder.ts';
import type { KeyIdentifier } from '../../domain/estate/key-identifier.ts';
import type { Subscription } from '../../domain/estate/places.ts';
import { toKey } from '../../domain/estate/posture.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import { parseRegistryId, toResourceKey } from '../../domain/estate/resource-id.ts';
import { toSubscriptionOf } from '../../domain/estate/scope.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { SharedReads } from '../assess/assess-registry.ts';
import { GraphUnavailable, type Inventory, type NominatedRegistry } from '../ports/azure-ports.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import { type Searches, startSearches } from '../posture/find-key-holder.ts';
import type { MemoReads } from '../posture/memo-reads.ts';
import { nominateRoles } from '../posture/nominate-roles.ts';
import { withShownIdentities } from '../posture/read-identity.ts';
import type { CreateReader } from '../posture/read-posture.ts';
import { createStrongReads } from '../posture/strong-reads.ts';
import { expectReads } from './expect-reads.ts';
import type { SweepMarks } from './sweep-marks.ts';
import {
  registryConcurrency as concurrency,
  except,
  type RegistrySweeper,
  type ShownRegistry,
} from './sweep-registry.ts';
import type { ListSweep, SubscriptionSweeper } from './sweep-subscription.ts';

/** The tenant as a sweep by Resource Graph sees it. */
export interface GraphSweep extends ListSweep {
  /** Subscriptions to watch. */
  subscriptions: readonly Subscription[];
  /** All subscriptions in sight: key holders may lie outside those to watch. */
  inSight: readonly Subscription[];
  /** What the sweep reads of keys and access from ARM, each thing once. */
  reads: MemoReads;
}

/** What sweeping by Resource Graph is made of. */
interface GraphSweepParts {
  inventory: Inventory;
  createReader: CreateReader;
  rules: RuleSet;
  registries: RegistrySweeper;
  bySubscription: SubscriptionSweeper;
}

/** Up to so many registries of a page, their identities are read one by one. */
const mostIdentities = 50;

/**
 * Builds what sweeps the tenant by Resource Graph, page by page: what its rows make differ from what is stored is read
 * from ARM. It throws {@link GraphUnavailable} when the graph is not allowed or leaves out what the rules need.
 */
export function createGraphSweep(
  { azure }: Pick<Ports, 'azure'>,
  { inventory, createReader, rules, registries, bySubscription }: GraphSweepParts,
): (sweep: GraphSweep) => Promise<void> {
  return async (sweep) => {
    const { subscriptions, run, marks } = sweep;
    const ids = subscriptions.map(({ subscriptionId }) => subscriptionId);
    // Roles come from Resource Graph as long as the sweep only nominates.
    const nominating = nominateRoles(inventory, sweep);
    const nominators = { nominating, searches: startSearches() };
    const withRows = new Set<string>();
    let isShownWhole = false;
    marks.startPass();
    for await (const page of inventory.listRegistries(ids, run)) {
      run.signal.throwIfAborted();
      const fresh = page.filter((row) => isFresh(row, { marks, withRows }));
      isShownWhole ||= fresh.some((row) => 'item' in row && row.isWhole);
      if (!isShownWhole && fresh.some((row) => 'item' in row)) {
        throw new GraphUnavailable('Resource Graph leaves out the encryption of all registries');
      }
      await sweepPage(sweep, nominators, fresh);
      sweep.onProgress();
    }
    await coverRest(sweep, withRows);
    for (const shown of withRows) await bySubscription.confirmVanished(sweep, shown);
  };

  async function sweepPage(
    sweep: GraphSweep,
    { nominating, searches }: { nominating: MemoReads; searches: Searches },
    rows: readonly NominatedRegistry[],
  ): Promise<void> {
    const { run, inSight, shared, reads } = sweep;
    for (const row of rows) if ('oddItem' in row) exceptOdd(sweep, row);
    const shown = rows.flatMap((row) => ('item' in row ? row : []));
    const keys = toKeys(shown.map(({ item }) => item));
    const homes = shown.map(({ item }) => item.id.subscriptionId.toLowerCase());
    const where = [
      ...new Set([...homes, ...inSight.map(({ subscriptionId }) => subscriptionId.toLowerCase())]),
    ];
    const found: ReadonlyMap<string, KeyHolder> =
      keys.length > 0 ? await inventory.readKeyHolders(keys, where, run) : new Map();
    const lastSeen = ({ host }: KeyIdentifier) => toLastSeen(found.get(host));
    const { registries: whole, shown: identities } = await inventory.completeIdentities(
      shown.map(({ item }) => item),
      where,
      run,
    );
    const completed = new Map(whole.map((registry) => [toResourceKey(registry.id), registry]));
    // What the graph does not show may be deleted, gone or out of sight: ARM tells, once for each key holder.
    const nominator = createReader(run, {
      lastSeen,
      alreadyRead: ({ host }) => found.get(host),
      search: 'always',
      searches,
      reads: withShownIdentities(nominating, identities),
    });
    await registries.sweep(sweep, shown.map(toShown), toShared);

    function toShown({ item, isWhole, tenantId }: (typeof shown)[number]): ShownRegistry {
      const registry = completed.get(toResourceKey(item.id)) ?? item;
      return {
        registry,
        tenantId,
        toPosture: isWhole ? () => nominator.complete(registry, tenantId) : undefined,
      };
    }

    function toShared(due: readonly Registry[]): SharedReads {
      const expected = expectReads(due, rules, (registry) => {
        const key = toKey(registry);
        return typeof key === 'string' ? undefined : toSubscriptionOf(lastSeen(key)?.id ?? '');
      });
      const { readRegistry, readKeyHolder, readRoleAssignments } = createStrongReads(azure, expected, {
        ...azure,
        readRoleAssignments: (scope) => reads.readAssignments(scope, 'all'),
      });
      const readAssignments = (scope: string) => readRoleAssignments(scope, run);
      const strong = { readKeyHolder };
      const single = { ...reads, readAssignments };
      // Of many registries at once, mostly new ones, the identities that the graph shows are taken to be there.
      const own = due.length > mostIdentities ? withShownIdentities(single, identities) : single;
      const reader = createReader(run, { lastSeen, strong, search: 'always', searches, reads: own });
      return { ...shared, reader, strong: { readRegistry } };
    }
  }

  /**
   * Subscriptions without a row are empty, or may not be read: Resource Graph leaves those out without a word, though it
   * shows the subscriptions themselves. Only ARM's lists of registries tell.
   */
  async function coverRest(sweep: GraphSweep, withRows: ReadonlySet<string>): Promise<void> {
    const { subscriptions, coverage } = sweep;
    for (const id of withRows) coverage.set(id, 'read');
    const rest = subscriptions.filter(({ subscriptionId }) => !withRows.has(subscriptionId.toLowerCase()));
    await pMap(rest, (subscription) => bySubscription.cover(sweep, subscription), { concurrency });
  }
}

/** Rows can come twice, when pages shift while they are read. */
function isFresh(
  row: NominatedRegistry,
  { marks, withRows }: { marks: SweepMarks; withRows: Set<string> },
): boolean {
  const id = 'item' in row ? row.item.id : parseRegistryId(row.oddItem);
  if (!id) return true;
  withRows.add(id.subscriptionId.toLowerCase());
  return marks.see(id);
}

function exceptOdd(sweep: GraphSweep, { oddItem, reason }: Extract<NominatedRegistry, { oddItem: string }>) {
  const subscriptionId = parseRegistryId(oddItem)?.subscriptionId;
  except(sweep, { ...(subscriptionId ? { subscriptionId } : {}), registryId: oddItem, reason });
}

function toLastSeen(holder: KeyHolder | undefined) {
  return holder && holder.state !== 'absent' && holder.id
    ? { id: holder.id, ...('location' in holder && holder.location ? { location: holder.location } : {}) }
    : undefined;
}

function toKeys(registries: readonly Registry[]): KeyIdentifier[] {
  const byHost = new Map<string, KeyIdentifier>();
  for (const registry of registries) {
    const key = toKey(registry);
    if (typeof key !== 'string') byHost.set(key.host, key);
  }
  return [...byHost.values()];
}
