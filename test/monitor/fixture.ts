import type { SimulatedTenantOptions } from '../../simulator/tenant/simulated-tenant.ts';
import { subscriptionBody } from '../../simulator/tenant/subscription-body.ts';
import type { TenantContents } from '../../simulator/tenant/tenant-contents.ts';
import { connectAzure } from '../../src/azure/connect.ts';
import { eventFunction } from '../../src/domain/estate/event-subscription.ts';
import { parseResourceId, type ResourceId } from '../../src/domain/estate/resource-id.ts';
import type { Message } from '../../src/domain/record/alert.ts';
import type { Source } from '../../src/domain/record/finding.ts';
import type { Severity } from '../../src/domain/record/verdict.ts';
import { toResourceEvent } from '../../src/functions/events/resource-event.ts';
import type { AssessmentResult, SharedReads } from '../../src/monitor/assess/assess-registry.ts';
import { createEvaluator, createMonitor, type MonitorSettings } from '../../src/monitor/monitor.ts';
import type { AzureReader, Inventory, SetupReader } from '../../src/monitor/ports/azure-ports.ts';
import type { Ports } from '../../src/monitor/ports/monitor-ports.ts';
import type {
  AlertSink,
  Delivery,
  EventsState,
  Run,
  Store,
  SweepException,
  SweepStore,
} from '../../src/monitor/ports/ports.ts';
import { endRun } from '../../src/monitor/ports/run.ts';
import { catalog } from '../../src/rules/catalog.ts';
import type { RuleOptions } from '../../src/rules/rule-set.ts';
import { parseSchedule } from '../../src/settings/schedule.ts';
import { silentLog } from '../azure/arm/arm-fixture.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { startForTest, tenantId } from '../simulator/tenant/tenant-clients.ts';
import { hiddenId, otherSubscription, subscription } from './bodies.ts';

/** Waits between tries of a delivery, in milliseconds. */
const retrySchedule = [5_000, 300_000, 1_800_000];

/** How to start a monitor for one test. */
export interface MonitorOptions
  extends Partial<TenantContents>,
    Pick<Partial<SimulatedTenantOptions>, 'pageSize' | 'emptyPages'> {
  store?: Store;
  sink?: AlertSink;
  /** Rules that are on (those on encryption and key holder). */
  rules?: RuleOptions;
  minSeverity?: Severity;
  /** Where sweeps read registries from (the lists of ARM). */
  inventory?: 'graph' | 'arm';
  /** What Resource Graph is read through. */
  toInventory?(graph: Inventory): Inventory;
  /** Tells whether a subscription's events reach the monitor (not asked). */
  readEvents?(subscriptionId: string): Promise<EventsState>;
  /** Subscriptions to watch (all). */
  subscriptionIds?: string[];
  /** Management group whose subscriptions are to be watched (all). */
  managementGroup?: string;
}

/** A monitor on a simulated tenant, a store in memory, a manual clock and a recording sink. */
export type Monitor = Awaited<ReturnType<typeof startMonitor>>;

/** Starts a simulated tenant and a monitor of it, for one test. */
export async function startMonitor(options: MonitorOptions = {}) {
  const clock = createClock();
  const { tenant, azure, graph } = await startTenant(options, clock.now);
  const inventory = options.inventory === 'graph' ? (options.toInventory?.(graph) ?? graph) : undefined;
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
const keyHolderRules: RuleOptions = {
  disabled: catalog
    .map(({ id }) => id)
    .filter((id) => !['acr_nocmk', 'kv_nosoftdelete', 'kv_nopurgeprotection', 'kv_missing'].includes(id)),
};

/** Assembles the monitor around a reader of Azure. */
export function assembleMonitor(
  azure: AzureReader,
  options: MonitorOptions = {},
  { clock = createClock(), inventory }: { clock?: Clock; inventory?: Inventory | undefined } = {},
) {
  const store = options.store ?? createMemoryStore();
  const inbox = createInbox(options.minSeverity);
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const exceptions: SweepException[] = [];
  const ports: Ports = {
    azure,
    setup: createSetup(options.readEvents),
    inventory,
    whoAmI: () => Promise.reject(new Error('Nobody is signed in')),
    store: { ...store, sweeps: recordExceptions(store.sweeps, exceptions) },
    sinks: [options.sink ?? inbox.sink],
    now: clock.now,
  };
  const { rules = keyHolderRules, subscriptionIds = [], managementGroup } = options;
  const settings: MonitorSettings = {
    cloud: 'AzureCloud',
    scope: { subscriptionIds, managementGroup },
    rules,
    sweepTimeout: 30_000,
    reassessDays: 7,
    retrySchedule,
    staleAfter: 7_800,
    nextSweep: parseSchedule('0 0 * * * *').next,
    sinkFaults: [],
  };
  const monitor = createMonitor(ports, settings);
  const { delivery, createFinder, createReader, assessRegistry } = createEvaluator(ports, settings);

  return {
    azure,
    store,
    clock,
    inbox,
    log,
    /** What was logged, line by line. */
    lines,
    /** What sweeps could not confirm, in the order it was noted. */
    exceptions,
    delivery,
    createFinder,
    createReader,
    assess: async (
      id: string,
      { source = 'event', run = startRun(), ...rest }: AssessOptions = {},
    ): Promise<AssessmentResult> => {
      const result = await assessRegistry({ id: toId(id), source, run, ...rest });
      await endRun(run);
      return result;
    },
    react: (id: string, signal?: AbortSignal) => monitor.reactToChange(toId(id), toStart(signal)),
    /** Reacts to an event about a resource, in the shape that Event Grid delivers. */
    hear: (resourceUri: string) => {
      const eventType = 'Microsoft.Resources.ResourceWriteSuccess';
      const event = toResourceEvent({ eventType, subject: resourceUri, data: { resourceUri } });
      if (event.state === 'ignored') throw new Error(`Ignored: ${event.reason}`);
      return monitor.reactToChange(event.changed, { log });
    },
    followUp: (signal?: AbortSignal) => monitor.followUp(toStart(signal)),
    forget: (subscriptionId: string) => monitor.forget(subscriptionId, { log }),
    sweep: (signal?: AbortSignal) => monitor.sweep({ ...toStart(signal), source: 'sweep' }),
    custody: (id: string) => monitor.custody(toId(id), { log }),
    end: monitor.end,
    queries: monitor.queries,
    blastRadius: (reference: string) => monitor.blastRadius(reference, { log }),
  };

  function toStart(signal?: AbortSignal) {
    return { log, ...(signal ? { signal } : {}) };
  }
}

/** A reader of the set-up that knows of event subscriptions alone. */
function createSetup(readEvents: (subscriptionId: string) => Promise<EventsState> = async () => 'unknown') {
  const setup: Pick<SetupReader, 'listEventSubscriptions'> = {
    async listEventSubscriptions(subscriptionId) {
      const id = `/subscriptions/${subscriptionId}`;
      const reading = { what: 'eventSubscriptions', id, at: '', from: 'GET', status: 200 } as const;
      const state = await readEvents(subscriptionId);
      if (state === 'unknown') return { state: 'forbidden', reading };
      const functionId = `${id}/sites/func${eventFunction}`;
      const value = state === 'subscribed' ? [{ id, functionId, provisioningState: 'Succeeded' }] : [];
      return { state: 'found', value, reading };
    },
  };
  return setup as SetupReader;
}

function recordExceptions(sweeps: SweepStore, exceptions: SweepException[]): SweepStore {
  return {
    ...sweeps,
    putSubscription: (record) => sweeps.putSubscription(record),
    addExceptions: (sweep, added) => {
      exceptions.push(...added);
      return sweeps.addExceptions(sweep, added);
    },
  };
}

interface AssessOptions {
  source?: Source;
  run?: Run;
  sweep?: string;
  shared?: SharedReads;
}

/** A run that ends when its signal says so, or in half a minute. */
export function startRun(signal = AbortSignal.timeout(30_000), log = silentLog): Run {
  return { log, signal, calls: 0, rowsWritten: 0, deliveries: [] };
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
