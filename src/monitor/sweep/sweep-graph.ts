import pMap from 'p-map';
import type { KeyHolder } from '../../domain/estate/key-holder.ts';
import type { KeyIdentifier } from '../../domain/estate/key-identifier.ts';
import type { Subscription } from '../../domain/estate/places.ts';
import { toKey } from '../../domain/estate/posture.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import { parseRegistryId, toResourceKey } from '../../domain/estate/resource-id.ts';
import type { Inventory, NominatedRegistry } from '../ports/azure-ports.ts';
import { GraphUnavailable } from '../ports/azure-ports.ts';
import { toReason } from '../ports/run.ts';
import type { MemoReads } from '../posture/memo-reads.ts';
import { nominateRoles } from '../posture/nominate-roles.ts';
import type { CreateReader } from '../posture/read-posture.ts';
import type { Coverage } from './coverage.ts';
import type { SweepMarks } from './sweep-marks.ts';
import {
  registryConcurrency as concurrency,
  except,
  type RegistrySweep,
  type RegistrySweeper,
} from './sweep-registry.ts';
import type { SubscriptionSweeper } from './sweep-subscription.ts';

/** The tenant as a sweep by Resource Graph sees it. */
export interface GraphSweep extends RegistrySweep {
  /** Subscriptions to watch. */
  subscriptions: readonly Subscription[];
  /** All subscriptions in sight: key holders may lie outside those to watch. */
  inSight: readonly Subscription[];
  coverage: Coverage;
  /** What the sweep reads of keys and access from ARM, each thing once. */
  reads: MemoReads;
  onProgress(): void;
}

/**
 * Builds what sweeps the tenant by Resource Graph, page by page: what its rows make differ from what is stored is read
 * from ARM. It throws {@link GraphUnavailable} when the graph is not allowed or leaves out what the rules need.
 */
export function createGraphSweep(
  inventory: Inventory,
  {
    createReader,
    registries,
    subscriptions: bySubscription,
  }: { createReader: CreateReader; registries: RegistrySweeper; subscriptions: SubscriptionSweeper },
): (sweep: GraphSweep) => Promise<void> {
  const { assess, isolate, nominate } = registries;
  return sweepByGraph;

  async function sweepByGraph(sweep: GraphSweep): Promise<void> {
    const { subscriptions, run, marks } = sweep;
    const ids = subscriptions.map(({ subscriptionId }) => subscriptionId);
    const reads = nominateRoles(inventory, sweep);
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
      await sweepPage({ ...sweep, nominating: reads }, fresh);
      sweep.onProgress();
    }
    for (const shown of await coverRest(sweep, withRows)) await bySubscription.confirmVanished(sweep, shown);
  }

  async function sweepPage(sweep: NominatingSweep, rows: readonly NominatedRegistry[]): Promise<void> {
    const { run, inSight, tally, shared, reads, nominating } = sweep;
    const keys = toKeys(rows);
    const near = rows.flatMap((row) => ('item' in row ? row.item.id.subscriptionId.toLowerCase() : []));
    const where = [
      ...new Set([...near, ...inSight.map(({ subscriptionId }) => subscriptionId.toLowerCase())]),
    ];
    const found: Map<string, KeyHolder> =
      keys.length > 0 ? new Map(await inventory.readKeyHolders(keys, where, run)) : new Map();
    const shown = ({ host }: KeyIdentifier) => found.get(host);
    const known = (key: KeyIdentifier) => toLastSeen(shown(key));
    const completed = await completeIdentities(rows, where);
    // What the graph does not show may be deleted, gone or out of sight: ARM tells, once for each key holder.
    const nominator = createReader(run, { known, shown, search: 'never', reads: nominating });
    const ofPage = { ...sweep, shared: { ...shared, reader: createReader(run, { known, reads }) } };
    await pMap(rows, visit, { concurrency });

    async function visit(row: NominatedRegistry): Promise<void> {
      if ('oddItem' in row) {
        const subscriptionId = parseRegistryId(row.oddItem)?.subscriptionId;
        const { oddItem: registryId, reason } = row;
        return except(sweep, { ...(subscriptionId ? { subscriptionId } : {}), registryId, reason });
      }
      const { item, isWhole, tenantId } = row;
      const { id } = item;
      tally.record.registries += 1;
      await isolate(ofPage, id, async () => {
        if (!isWhole) return assess(ofPage, id, tenantId);
        const registry = completed.get(toResourceKey(id)) ?? item;
        const toPosture = () => nominator.complete(registry);
        await nominate(ofPage, { registry, toPosture, ...(tenantId ? { tenantId } : {}) });
      });
    }

    async function completeIdentities(
      of: readonly NominatedRegistry[],
      subscriptionIds: readonly string[],
    ): Promise<Map<string, Registry>> {
      const items = of.flatMap((row) => ('item' in row ? row.item : []));
      const whole = await inventory.completeIdentities(items, subscriptionIds, run).catch(unlessFailed);
      return new Map(whole.map((registry) => [toResourceKey(registry.id), registry]));
    }
  }

  /**
   * Subscriptions without a row are empty, or can't be read: Resource Graph leaves those out without a word.
   * Answers those that it shows, ids in lower case; the others are read from ARM's lists.
   */
  async function coverRest(sweep: GraphSweep, withRows: ReadonlySet<string>): Promise<Set<string>> {
    const { subscriptions, coverage, run } = sweep;
    for (const id of withRows) coverage.set(id, 'read');
    const rest = subscriptions.filter(({ subscriptionId }) => !withRows.has(subscriptionId.toLowerCase()));
    const readable = rest.length > 0 ? await listReadable(sweep, rest) : new Set<string>();
    await pMap(rest, cover, { concurrency });
    return new Set([...withRows, ...readable]);

    async function cover({ subscriptionId }: Subscription): Promise<void> {
      const key = subscriptionId.toLowerCase();
      if (readable.has(key)) {
        coverage.set(key, 'read');
        return;
      }
      try {
        run.signal.throwIfAborted();
        coverage.set(key, await bySubscription.sweep(sweep, { subscriptionId }));
      } catch (error) {
        coverage.set(key, 'failed');
        except(sweep, { subscriptionId, reason: run.signal.aborted ? 'time_over' : toReason(error) });
      }
    }
  }

  /** Which subscriptions Resource Graph can read; when it can't tell, ARM is asked for each. */
  async function listReadable(
    { run }: GraphSweep,
    subscriptions: readonly Subscription[],
  ): Promise<Set<string>> {
    try {
      return await inventory.listReadableSubscriptions(
        subscriptions.map(({ subscriptionId }) => subscriptionId),
        run,
      );
    } catch (error) {
      if (!(error instanceof ReadFailure)) throw error;
      run.log.warn(`${error.message}; subscriptions without registries are asked for one by one`);
      return new Set();
    }
  }
}

/** A sweep that reads roles from Resource Graph as long as it only nominates. */
interface NominatingSweep extends GraphSweep {
  nominating: MemoReads;
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

/** Without the rows of identities, registries whose own rows don't tell their ids are read from ARM. */
function unlessFailed(error: unknown): Registry[] {
  if (error instanceof GraphUnavailable || error instanceof ReadFailure) return [];
  throw error;
}

function toLastSeen(holder: KeyHolder | undefined) {
  return holder && holder.state !== 'absent' && holder.id
    ? { id: holder.id, ...('location' in holder && holder.location ? { location: holder.location } : {}) }
    : undefined;
}

function toKeys(rows: readonly NominatedRegistry[]): KeyIdentifier[] {
  const byHost = new Map<string, KeyIdentifier>();
  for (const row of rows) {
    const key = 'item' in row ? toKey(row.item) : 'none';
    if (typeof key !== 'string') byHost.set(key.host, key);
  }
  return [...byHost.values()];
}
