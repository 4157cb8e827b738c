import pMap from 'p-map';
import type { KeyIdentifier } from '../domain/key-identifier.ts';
import { toKey } from '../domain/posture.ts';
import { parseRegistryId } from '../domain/resource-id.ts';
import type { Coverage } from './coverage.ts';
import type { CreateFinder } from './find-key-holder.ts';
import type { Inventory, NominatedRegistry, Subscription } from './ports.ts';
import { GraphUnavailable, ReadFailure } from './ports.ts';
import { completePosture } from './read-posture.ts';
import { toReason } from './run.ts';
import type { SweepMarks } from './sweep-marks.ts';
import {
  assess,
  registryConcurrency as concurrency,
  except,
  isolate,
  nominate,
  type RegistrySweep,
  type RegistrySweepDeps,
} from './sweep-registry.ts';
import { confirmVanished, sweepSubscription } from './sweep-subscription.ts';

/** What sweeping by Resource Graph works with. */
export interface GraphSweepDeps extends RegistrySweepDeps {
  inventory: Inventory;
  createFinder: CreateFinder;
}

/** The tenant as a sweep by Resource Graph sees it. */
export interface GraphSweep extends RegistrySweep {
  /** Subscriptions to watch. */
  subscriptions: readonly Subscription[];
  /** All subscriptions in sight: key holders may lie outside those to watch. */
  inSight: readonly Subscription[];
  coverage: Coverage;
  onProgress(): void;
}

/**
 * Sweeps the tenant by Resource Graph, page by page: what its rows make differ from what is stored is read from ARM.
 * Throws {@link GraphUnavailable} when the graph is not allowed or leaves out what the rules need.
 */
export async function sweepByGraph(deps: GraphSweepDeps, sweep: GraphSweep): Promise<void> {
  const { inventory } = deps;
  const { subscriptions, run, marks } = sweep;
  const ids = subscriptions.map(({ subscriptionId }) => subscriptionId);
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
    await sweepPage(deps, sweep, fresh);
    sweep.onProgress();
  }
  for (const shown of await coverRest(deps, sweep, withRows)) await confirmVanished(deps, sweep, shown);
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

async function sweepPage(
  deps: GraphSweepDeps,
  sweep: GraphSweep,
  rows: readonly NominatedRegistry[],
): Promise<void> {
  const { inventory, createFinder } = deps;
  const { run, inSight, tally, shared } = sweep;
  const keys = toKeys(rows);
  const near = rows.flatMap((row) => ('item' in row ? row.item.id.subscriptionId.toLowerCase() : []));
  const where = [...new Set([...near, ...inSight.map(({ subscriptionId }) => subscriptionId.toLowerCase())])];
  const shown = keys.length > 0 ? await inventory.readKeyHolders(keys, where, run) : new Map();
  const known = ({ host }: KeyIdentifier) => shown.get(host);
  // What the graph does not show may be deleted, gone or out of sight: ARM tells, once for each key holder.
  const notShown = createFinder(run, { known, search: 'never' });
  const ofPage = { ...sweep, shared: { ...shared, keyHolders: createFinder(run, { known }) } };
  await pMap(rows, visit, { concurrency });

  async function visit(row: NominatedRegistry): Promise<void> {
    if ('oddItem' in row) {
      const subscriptionId = parseRegistryId(row.oddItem)?.subscriptionId;
      const { oddItem: registryId, reason } = row;
      return except(deps, tally, { ...(subscriptionId ? { subscriptionId } : {}), registryId, reason });
    }
    const { item: registry, isWhole, tenantId } = row;
    const { id } = registry;
    tally.record.registries += 1;
    await isolate(deps, ofPage, id, async () => {
      if (!isWhole) return assess(deps, ofPage, id, tenantId);
      await nominate(deps, ofPage, { registry, toPosture, ...(tenantId ? { tenantId } : {}) });
    });

    async function toPosture() {
      const key = toKey(registry);
      const keyHolder = typeof key === 'string' ? undefined : shown.get(key.host);
      return keyHolder ? { registry, keyHolder } : completePosture(registry, notShown);
    }
  }
}

function toKeys(rows: readonly NominatedRegistry[]): KeyIdentifier[] {
  const byHost = new Map<string, KeyIdentifier>();
  for (const row of rows) {
    const key = 'item' in row ? toKey(row.item) : 'none';
    if (typeof key !== 'string') byHost.set(key.host, key);
  }
  return [...byHost.values()];
}

/**
 * Subscriptions without a row are empty, or can't be read: Resource Graph leaves those out without a word.
 * Answers those that it shows, ids in lower case; the others are read from ARM's lists.
 */
async function coverRest(
  deps: GraphSweepDeps,
  sweep: GraphSweep,
  withRows: ReadonlySet<string>,
): Promise<Set<string>> {
  const { subscriptions, coverage, run, tally } = sweep;
  for (const id of withRows) coverage.set(id, 'read');
  const rest = subscriptions.filter(({ subscriptionId }) => !withRows.has(subscriptionId.toLowerCase()));
  const readable = rest.length > 0 ? await listReadable(deps, sweep, rest) : new Set<string>();
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
      coverage.set(key, await sweepSubscription(deps, sweep, { subscriptionId }));
    } catch (error) {
      coverage.set(key, 'failed');
      except(deps, tally, { subscriptionId, reason: run.signal.aborted ? 'time_over' : toReason(error) });
    }
  }
}

/** Which subscriptions Resource Graph can read; when it can't tell, ARM is asked for each. */
async function listReadable(
  { inventory, log }: GraphSweepDeps,
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
    log.warn(`${error.message}; subscriptions without registries are asked for one by one`);
    return new Set();
  }
}
