import { createWebhookSink } from './alerts/webhook.ts';
import { clouds } from './azure/clouds.ts';
import { connectAzure } from './azure/connect.ts';
import { createCredential, createIdentityCredential } from './azure/credential.ts';
import { type Identity, readIdentity } from './azure/identity.ts';
import { type Config, toInterval } from './config.ts';
import type { RegistryRecord } from './domain/finding.ts';
import { parseRegistryId, type ResourceId } from './domain/resource-id.ts';
import type { Evidence, VerdictSummary } from './domain/verdict.ts';
import { keepHeapSmall } from './memory.ts';
import { type AssessmentResult, createAssessRegistry } from './monitor/assess-registry.ts';
import { createAlertDelivery } from './monitor/deliver-alerts.ts';
import { type CreateFinder, createKeyHolderFinder } from './monitor/find-key-holder.ts';
import { type FollowUp, followUp } from './monitor/follow-up.ts';
import { type Forgotten, forgetSubscription } from './monitor/forget-subscription.ts';
import { checkHealth, type Health } from './monitor/health.ts';
import type {
  FindingQueries,
  Log,
  Page,
  PageRequest,
  Subscription,
  SweepException,
  SweepLog,
  SweepRecord,
} from './monitor/ports.ts';
import { type Reaction, reactToChange } from './monitor/react-to-change.ts';
import { withRun } from './monitor/run.ts';
import { type SweepProgress, sweepTenant } from './monitor/sweep.ts';
import { createTableStore } from './store/table-store.ts';

export { toResourceEvent } from './azure/resource-event.ts';
export type { AssessmentResult } from './monitor/assess-registry.ts';
export type { Health } from './monitor/health.ts';
export type { SweepProgress } from './monitor/sweep.ts';
export { catalog } from './rules/catalog.ts';

/** The monitor's use cases, bound to Azure, Table Storage and the webhook. */
export interface App {
  sweep(options: SweepStart): Promise<SweepRecord>;
  assess(id: ResourceId, log: Log): Promise<AssessmentResult>;
  reactToChange(changed: ResourceId, log: Log): Promise<Reaction>;
  followUp(log: Log): Promise<FollowUp>;
  /** Closes what is open in a subscription that is gone for good. */
  forget(subscriptionId: string, log: Log): Promise<Forgotten>;
  queries: Queries;
  health(): Promise<Health>;
  /** Who the monitor is, and which subscriptions it sees. */
  whoAmI(): Promise<Identity & { subscriptions: Subscription[] }>;
}

/** What can be asked. */
interface Queries extends Omit<FindingQueries, 'registries'> {
  registries(...asked: Parameters<FindingQueries['registries']>): Promise<Page<RegistrySummary>>;
  registry(id: ResourceId): Promise<RegistryView | undefined>;
  /** Ids of all known registries of a name, in any case. */
  registriesNamed(name: string): Promise<string[]>;
  sweeps(page: PageRequest): Promise<Page<SweepRecord>>;
  /** Subscriptions by id, those in the given states, or all. */
  coverage: SweepLog['listCoverage'];
  /** What the last sweep that ended could not confirm. */
  exceptions(page: PageRequest): Promise<Page<SweepException>>;
}

/** A registry with its verdicts in short. */
export type RegistrySummary = Omit<RegistryRecord, 'digest' | 'evidence'>;

/** A registry with its verdicts and what each rests on. */
type RegistryView = Omit<RegistryRecord, 'digest' | 'evidence' | 'verdicts'> & {
  verdicts: Record<string, VerdictSummary & { evidence?: Evidence }>;
};

/** How a sweep is started. */
interface SweepStart {
  source: 'sweep' | 'manual';
  log: Log;
  onProgress?: (progress: SweepProgress) => void;
}

/** Longest times of the runs, in milliseconds: an event within Event Grid's 30 s. */
const limits = { event: 20_000, followUp: 240_000, manual: 120_000 };

/** Time that a sweep may be late before the monitor counts as stale, in seconds. */
const grace = 600;

/** Builds the monitor. */
export function createApp(config: Config): App {
  keepHeapSmall();
  const now = () => new Date();
  const staleAfter = toStaleAfter(config.sweepSchedule);
  const cloud = clouds[config.cloud];
  const credential = createCredential(config.cloud, config.clientId);
  const { azure, graph } = connectAzure({
    endpoint: config.armEndpoint ?? cloud.armEndpoint,
    scope: cloud.armScope,
    cloud: config.cloud,
    concurrency: config.concurrency,
    credential,
    now,
  });
  const inventory = config.inventory === 'graph' ? graph : undefined;
  const { findings, due, alerts, sweeps, queries } = createTableStore(
    'connectionString' in config.store
      ? config.store
      : {
          tableServiceUri: config.store.tableServiceUri,
          credential: config.store.clientId ? createIdentityCredential(config.store.clientId) : credential,
        },
  );
  const sink = config.alerts ? createWebhookSink({ ...config.alerts, now }) : undefined;
  const createFinder: CreateFinder = (run, options) =>
    createKeyHolderFinder({ azure, store: findings, cloud: config.cloud, run, now }, options);

  return {
    sweep: ({ source, log, onProgress }) =>
      withRun(config.sweepTimeout, (run) => {
        const { subscriptionIds, managementGroup } = config;
        const scope = { subscriptionIds, ...(managementGroup ? { managementGroup } : {}) };
        const options = { run, source, ...(onProgress ? { onProgress } : {}) };
        return sweepTenant({ ...bind(log), sweeps, alerts, sink, inventory, scope }, options);
      }),
    assess: (id, log) =>
      withRun(limits.manual, (run) => bind(log).assessRegistry({ id, source: 'manual', run })),
    reactToChange: (changed, log) => withRun(limits.event, (run) => reactToChange(bind(log), changed, run)),
    followUp: (log) => withRun(limits.followUp, (run) => followUp(bind(log), run)),
    forget: (subscriptionId, log) =>
      withRun(limits.manual, (run) =>
        forgetSubscription({ ...bind(log), sweeps, sink }, subscriptionId, run),
      ),
    queries: {
      ...queries,
      coverage: sweeps.listCoverage,
      exceptions: listLastExceptions,
      registries: listRegistries,
      registry: readRegistry,
      registriesNamed,
      sweeps: sweeps.listSweeps,
    },
    async whoAmI() {
      const identity = await readIdentity(credential, cloud.armScope);
      const listed = await withRun(limits.manual, azure.listSubscriptions);
      return { ...identity, subscriptions: listed.flatMap((one) => ('item' in one ? one.item : [])) };
    },
    health: () => checkHealth({ sweeps, due, alerts, staleAfter, now }),
  };

  async function listRegistries(
    ...asked: Parameters<FindingQueries['registries']>
  ): Promise<Page<RegistrySummary>> {
    const { items, ...page } = await queries.registries(...asked);
    return { ...page, items: items.map(({ digest: _, evidence: __, ...registry }) => registry) };
  }

  async function listLastExceptions(page: PageRequest): Promise<Page<SweepException>> {
    const { items } = await sweeps.listSweeps({ limit: 20 });
    const last = items.find(({ endedAt }) => endedAt);
    return last ? sweeps.listExceptions(last, page) : { items: [] };
  }

  /** A registry's record as the API shows it: each verdict with its evidence. */
  async function readRegistry(id: ResourceId): Promise<RegistryView | undefined> {
    const stored = await findings.readRegistry(id);
    if (!stored) return undefined;
    const { etag: _, digest: __, evidence, verdicts, ...registry } = stored;
    const entries = Object.entries(verdicts).map(([rule, verdict]) => [
      rule,
      { ...verdict, evidence: evidence[rule] },
    ]);
    return { ...registry, verdicts: Object.fromEntries(entries) };
  }

  async function registriesNamed(name: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const { registryId } of findings.listMarks()) {
      if (parseRegistryId(registryId)?.name.toLowerCase() === name.toLowerCase()) ids.push(registryId);
    }
    return ids;
  }

  /** What the use cases share, with the log of one invocation. */
  function bind(log: Log) {
    const delivery = createAlertDelivery({ alerts, sink, retrySchedule: config.retrySchedule, now, log });
    const assessRegistry = createAssessRegistry({
      azure,
      store: findings,
      sink,
      now,
      createFinder,
      sendAtOnce: delivery.sendAtOnce,
    });
    return {
      azure,
      store: findings,
      due,
      assessRegistry,
      delivery,
      createFinder,
      reassessDays: config.reassessDays,
      now,
      log,
    };
  }
}

/** Seconds after which a sweep is overdue: two intervals of its schedule and some grace. */
function toStaleAfter(schedule: string): number {
  return Math.round((2 * (toInterval(schedule) ?? 0)) / 1000) + grace;
}
