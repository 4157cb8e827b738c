import pMap from 'p-map';
import type { Subscription } from '../../domain/estate/places.ts';
import { toSubscriptionOf } from '../../domain/estate/scope.ts';
import type { Source } from '../../domain/record/finding.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { AlertDelivery } from '../alerts/deliver-alerts.ts';
import type { AssessRegistry } from '../assess/assess-registry.ts';
import { GraphUnavailable } from '../ports/azure-ports.ts';
import type { Ports, Scope } from '../ports/monitor-ports.ts';
import type { Run, SweepException, SweepRecord } from '../ports/ports.ts';
import { toReason, waitWithin } from '../ports/run.ts';
import { createMemoReads } from '../posture/memo-reads.ts';
import type { CreateReader } from '../posture/read-posture.ts';
import type { StrongReads } from '../posture/strong-reads.ts';
import { type Coverage, recordCoverage } from './coverage.ts';
import { isCutOff, isInterrupted, toInterrupted } from './interrupted.ts';
import { createGraphSweep, type GraphSweep } from './sweep-graph.ts';
import { readSweepMarks } from './sweep-marks.ts';
import { createRegistrySweeper, except, type Tally } from './sweep-registry.ts';
import { createSubscriptionSweeper } from './sweep-subscription.ts';

/** What a sweep is made of. */
interface SweepParts {
  assessRegistry: AssessRegistry;
  createReader: CreateReader;
  delivery: AlertDelivery;
  rules: RuleSet;
  scope: Scope;
  reassessDays: number;
  /** Longest time for a sweep, in milliseconds. */
  sweepTimeout: number;
}

/** How far a sweep is. */
export interface SweepProgress {
  subscriptions: number;
  subscriptionsDone: number;
  registries: number;
  assessed: number;
}

/** How a sweep is started. */
interface SweepOptions {
  run: Run;
  source: Extract<Source, 'sweep' | 'manual'>;
  onProgress: ((progress: SweepProgress) => void) | undefined;
}

/** Subscriptions that are read at once. */
const concurrency = 8;

/**
 * Builds what reads the whole tenant once: what differs from what is stored is assessed, what is really gone is closed.
 * Failures are isolated and recorded; only a list of subscriptions that can't be read fails the sweep.
 */
export function createSweep(
  ports: Ports,
  { assessRegistry, createReader, delivery, rules, scope, reassessDays, sweepTimeout }: SweepParts,
): (options: SweepOptions) => Promise<SweepRecord> {
  const { azure, inventory, store, now } = ports;
  const { sweeps } = store;
  const registries = createRegistrySweeper(ports, { assessRegistry, rules, reassessDays });
  const bySubscription = createSubscriptionSweeper(ports, { registries, rules });
  const sweepByGraph =
    inventory && createGraphSweep(ports, { inventory, createReader, rules, registries, bySubscription });
  return sweepTenant;

  async function sweepTenant(options: SweepOptions): Promise<SweepRecord> {
    const { run } = options;
    const record = startRecord(now());
    const tally: Tally = { record, exceptions: [] };
    await closeInterrupted();
    await sweeps.put(record);
    try {
      await sweepSubscriptions(options, tally);
      record.outcome = tally.exceptions.length === 0 ? 'complete' : 'partial';
    } catch (error) {
      const reason = toReason(error);
      record.outcome = 'failed';
      tally.exceptions.push({ sweep: record.sweep, reason });
      run.log.warn(`Sweep ${record.sweep} failed: ${reason}`);
    }
    if (isCutOff(run)) {
      Object.assign(record, toInterrupted(record));
      tally.exceptions.push(toException(record));
    }
    await finish(tally, run);
    record.endedAt = now().toISOString();
    record.calls = run.calls;
    record.rowsWritten = run.rowsWritten + tally.exceptions.length + 1;
    await sweeps.put(record);
    return record;
  }

  /** What is left to do must not keep the sweep's record from its end. */
  async function finish({ record, exceptions }: Tally, run: Run): Promise<void> {
    try {
      await sweeps.addExceptions(record, exceptions);
    } catch (error) {
      run.log.warn(
        `${exceptions.length} exceptions of sweep ${record.sweep} could not be written: ${toReason(error)}`,
      );
    }
    try {
      await waitWithin(run, delivery.sendDue(run, record.sweep));
    } catch (error) {
      run.log.warn(`The alerts of sweep ${record.sweep} are left to the next minute: ${toReason(error)}`);
    }
  }

  /** Gives an end to sweeps whose process was killed. */
  async function closeInterrupted(): Promise<void> {
    const { items } = await sweeps.listSweeps({ limit: 20 });
    for (const left of items.filter((one) => isInterrupted(one, sweepTimeout, now()))) {
      await sweeps.addExceptions(left, [toException(left)]);
      await sweeps.put({ ...toInterrupted(left), endedAt: now().toISOString() });
    }
  }

  async function sweepSubscriptions(options: SweepOptions, tally: Tally): Promise<void> {
    const { run, source, onProgress } = options;
    const { record, exceptions } = tally;
    // Rows before readings of registries and key holders: a commit under these versions can't overwrite anything newer
    // than what this sweep reads.
    const [marks, listedSubscriptions] = await Promise.all([
      readSweepMarks(store.findings),
      azure.listSubscriptions(run),
    ]);
    const strong = new Map<string, StrongReads>();
    const strongReads = toStrongReads(strong, azure);
    const reads = createMemoReads(ports, run, strongReads);
    const reader = createReader(run, { search: 'always', reads, strong: strongReads });
    const shared = { reader, strong: azure, etags: marks.etags };
    const inSight: Subscription[] = [];
    for (const listed of listedSubscriptions) {
      if ('item' in listed) inSight.push(listed.item);
      else except({ tally, run }, { subscriptionId: listed.oddItem, reason: listed.reason });
    }
    const isListWhole = exceptions.length === 0;
    const wanted = await readScope(run);
    const subscriptions = inSight.filter(
      ({ subscriptionId }) => wanted?.has(subscriptionId.toLowerCase()) ?? true,
    );
    const coverage: Coverage = new Map();
    record.subscriptions = subscriptions.length;
    const sweep = {
      subscriptions,
      inSight,
      marks,
      coverage,
      shared,
      strong,
      reads,
      tally,
      run,
      source,
      onProgress: report,
    };
    if (!(await tryGraph(sweep))) await sweepByLists(sweep);
    const named = inSight.filter((one) => one.displayName !== one.subscriptionId);
    const names = new Map(named.map((one) => [one.subscriptionId.toLowerCase(), one.displayName]));
    const covered = { coverage, names, wanted, isListWhole, sweep: record.sweep, run };
    const recorded = await recordCoverage(ports, covered);
    exceptions.push(...recorded.exceptions);
    record.withoutEvents = recorded.withoutEvents;

    function report(): void {
      const { registries, assessed } = record;
      const subscriptionsDone = coverage.size;
      onProgress?.({ subscriptions: subscriptions.length, subscriptionsDone, registries, assessed });
    }
  }

  /** Sweeps by Resource Graph where it can be used; says so where it can't. */
  async function tryGraph(sweep: GraphSweep): Promise<boolean> {
    const { record } = sweep.tally;
    try {
      if (!sweepByGraph) return false;
      record.inventory = 'graph';
      await sweepByGraph(sweep);
      return true;
    } catch (error) {
      if (!(error instanceof GraphUnavailable)) throw error;
      sweep.run.log.warn(`${error.message}: registries are listed subscription by subscription instead`);
      record.registries = 0;
      return false;
    } finally {
      sweep.onProgress();
    }
  }

  async function sweepByLists(sweep: GraphSweep): Promise<void> {
    const { subscriptions, tally } = sweep;
    tally.record.inventory = 'arm';
    sweep.marks.startPass();
    await pMap(subscriptions, (subscription) => bySubscription.cover(sweep, subscription), { concurrency });
  }

  /** Ids of the subscriptions to watch, in lower case; undefined when all in sight are. */
  async function readScope(run: Run): Promise<Set<string> | undefined> {
    const { subscriptionIds, managementGroup } = scope;
    if (subscriptionIds.length === 0 && !managementGroup) return undefined;
    const below = managementGroup ? await azure.listSubscriptionsBelow(managementGroup, run) : [];
    return new Set([...subscriptionIds, ...below].map((id) => id.toLowerCase()));
  }
}

function toException({ sweep }: SweepRecord): SweepException {
  return { sweep, reason: 'interrupted' };
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

/** Reads by what is known to be strong of the subscription that is being swept, and one by one elsewhere. */
function toStrongReads(strong: ReadonlyMap<string, StrongReads>, azure: StrongReads): StrongReads {
  const at = (subscriptionId: string) => strong.get(subscriptionId.toLowerCase()) ?? azure;
  return {
    readRegistry: (id, run) => at(id.subscriptionId).readRegistry(id, run),
    readKeyHolder: (id, run) => at(id.subscriptionId).readKeyHolder(id, run),
    readRoleAssignments: (scope, run) => at(toSubscriptionOf(scope)).readRoleAssignments(scope, run),
  };
}
