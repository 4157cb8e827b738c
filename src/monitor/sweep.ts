import pMap from 'p-map';
import type { Source } from '../domain/finding.ts';
import { parseRegistryId, toResourceKey } from '../domain/resource-id.ts';
import { type Coverage, recordCoverage } from './coverage.ts';
import type { AlertDelivery } from './deliver-alerts.ts';
import type { KeyHolderFinder } from './find-key-holder.ts';
import type { FindingStore, RegistryMark, Run, Subscription, SweepLog, SweepRecord } from './ports.ts';
import { toReason } from './run.ts';
import { type SubscriptionSweepDeps, sweepSubscription, type Tally } from './sweep-subscription.ts';

/** What a sweep works with. */
export interface SweepDeps extends SubscriptionSweepDeps {
  sweeps: SweepLog;
  delivery: AlertDelivery;
  createFinder(run: Run): KeyHolderFinder;
  /** Subscriptions to watch; all that the identity sees when empty. */
  subscriptionIds: readonly string[];
}

/** How far a sweep is. */
export interface SweepProgress {
  subscriptions: number;
  subscriptionsDone: number;
  registries: number;
  assessed: number;
}

/** How a sweep is started. */
export interface SweepOptions {
  run: Run;
  source: Extract<Source, 'sweep' | 'manual'>;
  onProgress?(progress: SweepProgress): void;
}

/** Subscriptions that are read at once. */
const concurrency = 8;

/**
 * Reads the whole tenant once: what differs from what is stored is assessed, what is really gone is closed.
 * Failures are isolated and recorded; only a list of subscriptions that can't be read fails the sweep.
 */
export async function sweepTenant(deps: SweepDeps, options: SweepOptions): Promise<SweepRecord> {
  const { sweeps, now, log } = deps;
  const { run } = options;
  const record = startRecord(now());
  const tally: Tally = { record, exceptions: [] };
  await sweeps.put(record);
  try {
    await sweepSubscriptions(deps, options, tally);
    record.outcome = tally.exceptions.length === 0 ? 'complete' : 'partial';
  } catch (error) {
    const reason = toReason(error);
    record.outcome = 'failed';
    tally.exceptions.push({ sweep: record.sweep, reason });
    log.warn(`Sweep ${record.sweep} failed: ${reason}`);
  }
  await sweeps.addExceptions(tally.exceptions);
  await deps.delivery.sendDue(run, record.sweep);
  record.endedAt = now().toISOString();
  record.calls = run.calls;
  record.rowsWritten = run.rowsWritten + tally.exceptions.length + 1;
  await sweeps.put(record);
  return record;
}

function startRecord(startedAt: Date): SweepRecord {
  const time = startedAt.toISOString();
  return {
    sweep: `${time.replace(/[-:.]/g, '')}-${crypto.randomUUID().slice(0, 8)}`,
    startedAt: time,
    subscriptions: 0,
    registries: 0,
    assessed: 0,
    changed: 0,
    unconfirmed: 0,
    calls: 0,
    rowsWritten: 0,
  };
}

async function sweepSubscriptions(deps: SweepDeps, options: SweepOptions, tally: Tally): Promise<void> {
  const { run, source, onProgress } = options;
  const { record, exceptions } = tally;
  // Rows before readings: a commit under these versions can't overwrite anything newer than what this sweep reads.
  const marks = await readMarks(deps.store);
  const etags = new Map([...marks.values()].flatMap((of) => [...of]).map(([key, { etag }]) => [key, etag]));
  const shared = { keyHolders: deps.createFinder(run), etags };
  const subscriptions = narrow(await deps.azure.listSubscriptions(run), deps.subscriptionIds);
  const coverage: Coverage = new Map();
  record.subscriptions = subscriptions.length;
  await pMap(subscriptions, sweepOne, { concurrency });
  exceptions.push(...(await recordCoverage(deps, coverage, { run, sweep: record.sweep })));

  async function sweepOne({ subscriptionId }: Subscription): Promise<void> {
    const key = subscriptionId.toLowerCase();
    const sweep = { subscriptionId, marks: marks.get(key) ?? new Map(), shared, tally, run, source };
    try {
      coverage.set(key, await sweepSubscription(deps, sweep));
    } catch (error) {
      coverage.set(key, 'failed');
      exceptions.push({ sweep: record.sweep, subscriptionId, reason: toReason(error) });
      deps.log.warn(`Subscription ${subscriptionId} could not be read whole: ${toReason(error)}`);
    }
    onProgress?.({
      subscriptions: subscriptions.length,
      subscriptionsDone: coverage.size,
      registries: record.registries,
      assessed: record.assessed,
    });
  }
}

/** Marks by subscription and resource key, both in lower case. */
async function readMarks(store: FindingStore): Promise<Map<string, Map<string, RegistryMark>>> {
  const marks = new Map<string, Map<string, RegistryMark>>();
  for await (const mark of store.listMarks()) {
    const id = parseRegistryId(mark.registryId);
    if (!id) continue;
    const subscription = id.subscriptionId.toLowerCase();
    const ofSubscription = marks.get(subscription) ?? new Map<string, RegistryMark>();
    marks.set(subscription, ofSubscription.set(toResourceKey(id), mark));
  }
  return marks;
}

function narrow(subscriptions: readonly Subscription[], only: readonly string[]): Subscription[] {
  const wanted = new Set(only.map((id) => id.toLowerCase()));
  return subscriptions.filter(
    ({ subscriptionId }) => wanted.size === 0 || wanted.has(subscriptionId.toLowerCase()),
  );
}
