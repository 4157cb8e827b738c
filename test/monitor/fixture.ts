import type { SimulatedTenantOptions } from '../../simulator/tenant/simulated-tenant.ts';
import { subscriptionBody } from '../../simulator/tenant/subscription-body.ts';
import type { TenantContents } from '../../simulator/tenant/tenant-contents.ts';
import { connectAzure } from '../../src/azure/connect.ts';
import { parseResourceId, type ResourceId } from '../../src/domain/estate/resource-id.ts';
import type { Message } from '../../src/domain/record/alert.ts';
import type { Source } from '../../src/domain/record/finding.ts';
import type { Severity } from '../../src/domain/record/verdict.ts';
import { toResourceEvent } from '../../src/functions/events/resource-event.ts';
import { createAlertDelivery } from '../../src/monitor/alerts/deliver-alerts.ts';
import { createAssessRegistry, type SharedReads } from '../../src/monitor/assess/assess-registry.ts';
import { followUp } from '../../src/monitor/assess/follow-up.ts';
import { forgetSubscription } from '../../src/monitor/assess/forget-subscription.ts';
import { reactToChange } from '../../src/monitor/assess/react-to-change.ts';
import type { AzureReader, Inventory } from '../../src/monitor/ports/azure-ports.ts';
import type {
  AlertSink,
  Delivery,
  EventsState,
  Run,
  SweepException,
  SweepLog,
} from '../../src/monitor/ports/ports.ts';
import { endRun } from '../../src/monitor/ports/run.ts';
import { createKeyHolderFinder, type FinderOptions } from '../../src/monitor/posture/find-key-holder.ts';
import { createMemoReads } from '../../src/monitor/posture/memo-reads.ts';
import { type CreateReader, createPostureReader } from '../../src/monitor/posture/read-posture.ts';
import { sweepTenant } from '../../src/monitor/sweep/sweep.ts';
import { catalog } from '../../src/rules/catalog.ts';
import { createRuleSet, type RuleSet } from '../../src/rules/rule-set.ts';
import type { TableStore } from '../../src/store/table-store.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { startForTest, tenantId } from '../simulator/tenant/tenant-clients.ts';
import { hiddenId, otherSubscription, subscription } from './bodies.ts';

/** Waits between tries of a delivery, in milliseconds. */
const retrySchedule = [5_000, 300_000, 1_800_000];

/** How to start a monitor for one test. */
export interface MonitorOptions
  extends Partial<TenantContents>,
    Pick<Partial<SimulatedTenantOptions>, 'pageSize' | 'emptyPages'> {
  store?: TableStore;
  sink?: AlertSink;
  /** Rules that are on (those on encryption and key holder). */
  rules?: RuleSet;
  minSeverity?: Severity;
  /** Where sweeps read registries from (the lists of ARM). */
  inventory?: 'graph' | 'arm';
  /** Tells whether a subscription's events reach the monitor (not asked). */
  readEvents?(subscriptionId: string): Promise<EventsState>;
  /** Subscriptions to watch (all). */
  subscriptionIds?: string[];
  /** Management group whose subscriptions are to be watched (all). */
  managementGroup?: string;
}

/** A monitor as `app.ts` assembles it, on a simulated tenant, a store in memory, a manual clock and a recording sink. */
export type Monitor = Awaited<ReturnType<typeof startMonitor>>;

/** Starts a simulated tenant and a monitor of it, for one test. */
export async function startMonitor(options: MonitorOptions = {}) {
  const clock = createClock();
  const { tenant, azure, graph } = await startTenant(options, clock.now);
  const inventory = options.inventory === 'graph' ? graph : undefined;
  return { tenant, ...assembleMonitor(azure, options, { clock, inventory }) };
}

async function startTenant({ pageSize, emptyPages, resources, ...options }: MonitorOptions, now: () => Date) {
  const subscriptions = [
    subscriptionBody(subscription, 'Production', tenantId),
    subscriptionBody(otherSubscription, 'Other', tenantId),
    subscriptionBody(`/subscriptions/${hiddenId}`, 'Hidden', tenantId),
  ];
  const { tenant } = await startForTest(
    {
      subscriptions: options.subscriptions ?? subscriptions,
      resources: resources ?? [],
      unreadable: options.unreadable ?? [],
      unseenHolders: options.unseenHolders ?? [],
      managementGroups: options.managementGroups ?? [],
    },
    {
      ...(pageSize ? { pageSize } : {}),
      ...(emptyPages ? { emptyPages } : {}),
      now: () => now().getTime(),
    },
  );
  const { azure, graph } = connectAzure({
    endpoint: tenant.armEndpoint,
    scope: 'https://management.azure.com/.default',
    cloud: 'AzureCloud',
    concurrency: 50,
    credential: { getToken: async () => ({ token: 'any', expiresOnTimestamp: Date.now() + 3_600_000 }) },
    now,
  });
  return { tenant, azure, graph };
}

/** Rules on encryption and key holder alone: tests of sweeps, races and alerts need no more, and count their calls. */
const keyHolderRules = createRuleSet({
  disabled: catalog
    .map(({ id }) => id)
    .filter((id) => !['acr_nocmk', 'kv_nosoftdelete', 'kv_nopurgeprotection', 'kv_missing'].includes(id)),
});

/** Assembles the use cases around a reader of Azure. */
export function assembleMonitor(
  azure: AzureReader,
  options: MonitorOptions = {},
  { clock = createClock(), inventory }: { clock?: Clock; inventory?: Inventory | undefined } = {},
) {
  const { now } = clock;
  const store = options.store ?? createMemoryStore();
  const inbox = createInbox(options.minSeverity);
  const sink = options.sink ?? inbox.sink;
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const { rules = keyHolderRules } = options;
  const createFinder = (run: Run, options?: FinderOptions) =>
    createKeyHolderFinder(
      { azure, inventory, store: store.findings, cloud: 'AzureCloud', run, now },
      options,
    );
  const createReader: CreateReader = (
    run,
    { shown, reads = createMemoReads({ azure, inventory }, run), ...options } = {},
  ) =>
    createPostureReader({
      finder: createFinder(run, options),
      reads,
      rules,
      now,
      ...(shown ? { shown } : {}),
    });
  const delivery = createAlertDelivery({ alerts: store.alerts, sink, retrySchedule, now, log });
  const shared = { azure, store: store.findings, due: store.due, createReader, rules, delivery, now, log };
  const assessRegistry = createAssessRegistry({ ...shared, sink, sendAtOnce: delivery.sendAtOnce });
  const exceptions: SweepException[] = [];
  const sweeps: SweepLog = {
    ...store.sweeps,
    putSubscription: (record) => store.sweeps.putSubscription(record),
    addExceptions: (sweep, added) => {
      exceptions.push(...added);
      return store.sweeps.addExceptions(sweep, added);
    },
  };
  const deps = { ...shared, assessRegistry, reassessDays: 7, sweeps };
  const { subscriptionIds = [], managementGroup } = options;
  const scope = { subscriptionIds, ...(managementGroup ? { managementGroup } : {}) };
  const { readEvents } = options;
  const sweepDeps = {
    ...deps,
    alerts: store.alerts,
    sink,
    inventory,
    scope,
    ...(readEvents ? { readEvents } : {}),
  };

  return {
    azure,
    store,
    clock,
    inbox,
    /** What was logged, line by line. */
    lines,
    /** What sweeps could not confirm, in the order it was noted. */
    exceptions,
    delivery,
    createFinder,
    createReader,
    assess: (id: string, { source = 'event', run = startRun(), ...rest }: AssessOptions = {}) =>
      ended(run, assessRegistry({ id: toId(id), source, run, ...rest })),
    react: (id: string, run = startRun()) => ended(run, reactToChange(deps, toId(id), run)),
    /** Reacts to an event about a resource, in the shape that Event Grid delivers. */
    hear: (resourceUri: string, run = startRun()) => {
      const eventType = 'Microsoft.Resources.ResourceWriteSuccess';
      const event = toResourceEvent({ eventType, subject: resourceUri, data: { resourceUri } });
      if (event.state === 'ignored') throw new Error(`Ignored: ${event.reason}`);
      return ended(run, reactToChange(deps, event.changed, run));
    },
    followUp: (run = startRun()) => ended(run, followUp(deps, run)),
    forget: (subscriptionId: string, run = startRun()) =>
      ended(run, forgetSubscription({ ...deps, sink }, subscriptionId, run)),
    sweep: (run = startRun()) => ended(run, sweepTenant(sweepDeps, { run, source: 'sweep' })),
  };
}

/** What a use case came to, once its deliveries are done. */
async function ended<T>(run: Run, work: Promise<T>): Promise<T> {
  const result = await work;
  await endRun(run);
  return result;
}

interface AssessOptions {
  source?: Source;
  run?: Run;
  sweep?: string;
  shared?: SharedReads;
}

/** A run that ends when its signal says so, or in half a minute. */
export function startRun(signal: AbortSignal = AbortSignal.timeout(30_000)): Run {
  return { signal, calls: 0, rowsWritten: 0, deliveries: [] };
}

/** Reads an id, which has to be one of a registry, vault or Managed HSM. */
export function toId(id: string): ResourceId {
  const parsed = parseResourceId(id);
  if (!parsed) throw new Error(`Not the id of a watched resource: ${id}`);
  return parsed;
}

type Clock = ReturnType<typeof createClock>;

/** A clock that stands still until it is told to go on. */
function createClock() {
  let time = Date.parse('2026-08-01T10:00:00.000Z');
  return {
    now: () => new Date(time),
    advance(milliseconds: number) {
      time += milliseconds;
    },
  };
}

/** A sink that keeps what it is given, and answers as it is told. */
function createInbox(minSeverity: Severity = 'low') {
  const messages: Message[] = [];
  let answer: (message: Message) => Delivery | Promise<Delivery> = () => ({ state: 'delivered' });
  const sink: AlertSink = {
    name: 'inbox',
    minSeverity,
    deliver: async (message) => {
      messages.push(structuredClone(message));
      return answer(message);
    },
  };
  return {
    sink,
    /** What was delivered or tried, in this order. */
    messages,
    answerWith(next: typeof answer) {
      answer = next;
    },
  };
}
