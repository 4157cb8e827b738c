import { createWebhookSink } from './alerts/webhook.ts';
import { clouds } from './azure/clouds.ts';
import { connectAzure } from './azure/connect.ts';
import { createCredential, createIdentityCredential } from './azure/credential.ts';
import { readIdentity } from './azure/identity.ts';
import type { Identity } from './domain/estate/identity.ts';
import type { Subscription } from './domain/estate/places.ts';
import type { ResourceGroupId, ResourceId } from './domain/estate/resource-id.ts';
import { keepHeapSmall } from './memory.ts';
import { createAlertDelivery } from './monitor/alerts/deliver-alerts.ts';
import { sendTestAlert } from './monitor/alerts/test-alert.ts';
import { type BlastRadius, readBlastRadius } from './monitor/answers/blast-radius.ts';
import { checkHealth, type Health } from './monitor/answers/health.ts';
import { createQueries, type Queries } from './monitor/answers/queries.ts';
import { type CustodyAnswer, readCustody } from './monitor/answers/read-custody.ts';
import { type RemediesAnswer, readRemedies } from './monitor/answers/read-remedies.ts';
import { type AssessmentResult, createAssessRegistry } from './monitor/assess/assess-registry.ts';
import { type FollowUp, followUp } from './monitor/assess/follow-up.ts';
import { type Forgotten, forgetSubscription } from './monitor/assess/forget-subscription.ts';
import { type Reaction, reactToChange } from './monitor/assess/react-to-change.ts';
import { type Check, examine } from './monitor/doctor/doctor.ts';
import type { Delivery, Log, Run, SweepRecord } from './monitor/ports/ports.ts';
import { startRun, withRun } from './monitor/ports/run.ts';
import { createKeyHolderFinder, type FinderOptions } from './monitor/posture/find-key-holder.ts';
import { createMemoReads } from './monitor/posture/memo-reads.ts';
import { type CreateReader, createPostureReader } from './monitor/posture/read-posture.ts';
import { readEvents } from './monitor/sweep/read-events.ts';
import { type SweepProgress, sweepTenant } from './monitor/sweep/sweep.ts';
import { createRuleSet, type RuleSet } from './rules/rule-set.ts';
import { type Config, toInterval } from './settings/config.ts';
import { createTableStore } from './store/table-store.ts';

export type { BlastRadius } from './monitor/answers/blast-radius.ts';
export type { Health } from './monitor/answers/health.ts';
export type { RegistrySummary } from './monitor/answers/queries.ts';
export type { CustodyView } from './monitor/answers/read-custody.ts';
export type { RemedyView } from './monitor/answers/read-remedies.ts';
export type { AssessmentResult } from './monitor/assess/assess-registry.ts';
export type { Check } from './monitor/doctor/doctor.ts';
export type { Unfound } from './monitor/posture/read-live.ts';
export type { SweepProgress } from './monitor/sweep/sweep.ts';
export { catalog } from './rules/catalog.ts';

/** The monitor's use cases, bound to Azure, Table Storage and the webhook. */
export interface App {
  sweep(options: SweepStart): Promise<SweepRecord>;
  assess(id: ResourceId, log: Log): Promise<AssessmentResult>;
  reactToChange(changed: ResourceId | ResourceGroupId, log: Log): Promise<Reaction>;
  followUp(log: Log): Promise<FollowUp>;
  /** Closes what is open in a subscription that is gone for good. */
  forget(subscriptionId: string, log: Log): Promise<Forgotten>;
  /** Who can unwrap with a registry's key, change its key holder's access and manage the registry, as Azure shows it now. */
  custody(id: ResourceId): Promise<CustodyAnswer>;
  /** How to mend what fails on a registry, as Azure shows it now; of the given rules alone where there are some. */
  remedies(id: ResourceId, rules: readonly string[]): Promise<RemediesAnswer>;
  /** Which registries lose their images when a vault, Managed HSM or key is disabled or deleted. */
  blastRadius(reference: string): Promise<BlastRadius[]>;
  queries: Queries;
  health(): Promise<Health>;
  /** Examines how the monitor is set up, check by check. */
  examine(options?: { isAlertTested?: boolean }): AsyncGenerator<Check>;
  /** Sends a test alert; undefined where there is nowhere to send it. */
  testAlert(): Promise<Delivery | undefined>;
  /** Who the monitor is, and which subscriptions it sees. */
  whoAmI(): Promise<Identity & { subscriptions: Subscription[] }>;
}

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
  const { azure, graph, setup } = connectAzure({
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
  const rules = createRuleSet(config.rules);
  // Who holds the key is asked for even where no rule looks at it.
  const custodyRules = createRuleSet({ enabled: ['acr_custodyoverlap', 'kv_noauditlog'] });
  const createFinder = (run: Run, options?: FinderOptions) =>
    createKeyHolderFinder({ azure, inventory, store: findings, cloud: config.cloud, run, now }, options);
  const createReader = createReaderOf(rules);

  return {
    sweep: ({ source, log, onProgress }) =>
      withRun(config.sweepTimeout, (run) => {
        const scope = toScope();
        const options = { run, source, ...(onProgress ? { onProgress } : {}) };
        const events = (subscriptionId: string) => readEvents(setup, subscriptionId, run);
        const deps = { ...bind(log), sweeps, alerts, sink, inventory, scope, readEvents: events };
        return sweepTenant(deps, options);
      }),
    assess: (id, log) =>
      withRun(limits.manual, (run) => bind(log).assessRegistry({ id, source: 'manual', run })),
    reactToChange: (changed, log) => withRun(limits.event, (run) => reactToChange(bind(log), changed, run)),
    followUp: (log) => withRun(limits.followUp, (run) => followUp(bind(log), run)),
    forget: (subscriptionId, log) =>
      withRun(limits.manual, (run) =>
        forgetSubscription({ ...bind(log), sweeps, sink }, subscriptionId, run),
      ),
    custody: (id) =>
      withRun(limits.manual, (run) =>
        readCustody({ azure, reader: createReaderOf(custodyRules)(run) }, id, run),
      ),
    remedies: (id, only) =>
      withRun(limits.manual, (run) => {
        // What is asked for by name is looked at even where it is off.
        const asked =
          only.length > 0 ? createRuleSet({ ...config.rules, enabled: ['all'], disabled: [] }) : rules;
        const deps = { azure, reader: createReaderOf(asked)(run), rules: asked, now };
        return readRemedies(deps, { id, only }, run);
      }),
    blastRadius: (reference) =>
      withRun(limits.manual, (run) =>
        readBlastRadius({ store: findings, finder: createFinder(run), now }, reference),
      ),
    queries: createQueries({ findings, queries, sweeps }),
    async whoAmI() {
      const identity = await readIdentity(credential, cloud.armScope);
      const listed = await withRun(limits.manual, azure.listSubscriptions);
      return { ...identity, subscriptions: listed.flatMap((one) => ('item' in one ? one.item : [])) };
    },
    async *examine(options) {
      const run = startRun(limits.manual);
      const scope = toScope();
      const whoAmI = () => readIdentity(credential, cloud.armScope);
      yield* examine({ azure, setup, inventory, sweeps, alerts, sink, whoAmI, scope, now }, run, options);
    },
    testAlert: async () => (sink ? sendTestAlert(sink, now()) : undefined),
    health: () => checkHealth({ sweeps, due, alerts, staleAfter, now }),
  };

  function toScope() {
    const { subscriptionIds, managementGroup } = config;
    return { subscriptionIds, ...(managementGroup ? { managementGroup } : {}) };
  }

  function createReaderOf(ruleSet: RuleSet): CreateReader {
    return (run, { shown, reads = createMemoReads({ azure, inventory }, run), ...options } = {}) => {
      const finder = createFinder(run, options);
      return createPostureReader({ finder, reads, rules: ruleSet, now, ...(shown ? { shown } : {}) });
    };
  }

  /** What the use cases share, with the log of one invocation. */
  function bind(log: Log) {
    const delivery = createAlertDelivery({ alerts, sink, retrySchedule: config.retrySchedule, now, log });
    const assessRegistry = createAssessRegistry({
      azure,
      store: findings,
      sink,
      now,
      createReader,
      rules,
      sendAtOnce: delivery.sendAtOnce,
    });
    return {
      azure,
      store: findings,
      due,
      assessRegistry,
      delivery,
      createReader,
      rules,
      reassessDays: config.reassessDays,
      now,
      log,
    };
  }
}

/** Seconds after which a sweep is overdue: two intervals of its schedule and some grace. */
function toStaleAfter(schedule: string): number {
  return Math.round((2 * toInterval(schedule)) / 1000) + grace;
}
