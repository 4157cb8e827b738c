import type { CloudName } from '../domain/estate/cloud.ts';
import type { Identity } from '../domain/estate/identity.ts';
import type { Subscription } from '../domain/estate/places.ts';
import type { ChangedId, ResourceId } from '../domain/estate/resource-id.ts';
import { createRuleSet, type RuleOptions, type RuleSet } from '../rules/rule-set.ts';
import { createAlertDelivery } from './alerts/deliver-alerts.ts';
import { sendTestAlerts, type TestedSink } from './alerts/test-alert.ts';
import { type BlastRadius, createReadBlastRadius } from './answers/blast-radius.ts';
import { createHealth, type Health } from './answers/health.ts';
import { createQueries, type Queries } from './answers/queries.ts';
import { type CustodyAnswer, createReadCustody } from './answers/read-custody.ts';
import { type RemediesAnswer, readRemedies } from './answers/read-remedies.ts';
import { type AssessmentResult, createAssessRegistry } from './assess/assess-registry.ts';
import { createFollowUp, type FollowUp } from './assess/follow-up.ts';
import { createForgetSubscription, type Forgotten } from './assess/forget-subscription.ts';
import { createReactToChange, type Reaction } from './assess/react-to-change.ts';
import { createWorkOff } from './assess/work-off.ts';
import type { Check } from './doctor/check.ts';
import { examine } from './doctor/doctor.ts';
import type { Ports, Scope } from './ports/monitor-ports.ts';
import type { Run, SweepRecord } from './ports/ports.ts';
import { withRun as doWithin, type Start, startRun, waitWithin } from './ports/run.ts';
import { createKeyHolderFinders } from './posture/find-key-holder.ts';
import { createPostureReaders } from './posture/read-posture.ts';
import { Interruption } from './sweep/interrupted.ts';
import { createSweep, type SweepProgress } from './sweep/sweep.ts';

/** The monitor's use cases. */
export interface Monitor {
  sweep(start: SweepStart): Promise<SweepRecord>;
  assess(id: ResourceId, start: Start): Promise<AssessmentResult>;
  reactToChange(changed: ChangedId, start: Start): Promise<Reaction>;
  followUp(start: Start): Promise<FollowUp>;
  /** Closes what is open in a subscription that is gone for good. */
  forget(subscriptionId: string, start: Start): Promise<Forgotten>;
  /** Who can unwrap with a registry's key, change its key holder's access and manage the registry, as Azure shows it now. */
  custody(id: ResourceId, start: Start): Promise<CustodyAnswer>;
  /** How to mend what fails on a registry, as Azure shows it now; of the given rules alone where there are some. */
  remedies(id: ResourceId, rules: readonly string[], start: Start): Promise<RemediesAnswer>;
  /** Which registries lose their images when a vault, Managed HSM or key is disabled or deleted. */
  blastRadius(reference: string, start: Start): Promise<BlastRadius[]>;
  queries: Queries;
  health(): Promise<Health>;
  /** Ends what runs, in order, within the given time, in milliseconds: nothing new is read, what was read is written. */
  end(time: number): Promise<void>;
  /** Examines how the monitor is set up, check by check. */
  examine(start: Start & { isAlertTested: boolean }): AsyncGenerator<Check>;
  /** Sends a test alert to one sink, or to all; none where there is no such sink. */
  testAlert(sink?: string): Promise<TestedSink[]>;
  /** Who the monitor is, and which subscriptions it sees. */
  whoAmI(start: Start): Promise<Identity & { subscriptions: Subscription[] }>;
}

/** How a sweep is started. */
interface SweepStart extends Start {
  source: 'sweep' | 'manual';
  onProgress?: (progress: SweepProgress) => void;
}

/** How the monitor does its work. */
export interface MonitorSettings {
  cloud: CloudName;
  scope: Scope;
  rules: RuleOptions;
  /** Longest time for a sweep, in milliseconds. */
  sweepTimeout: number;
  /** After how many days a registry is read again though nothing seems to have changed. */
  reassessDays: number;
  /** Waits between the tries of an alert, in milliseconds. */
  retrySchedule: readonly number[];
  /** Seconds after which the last sweep counts as stale. */
  staleAfter: number;
  /** When the sweep runs next after a time. */
  nextSweep(after: Date): Date | undefined;
  /** What is wrong with settings of sinks that are therefore switched off. */
  sinkFaults: readonly string[];
}

/** Longest times of the runs, in milliseconds: an event within Event Grid's 30 s. */
const limits = { event: 20_000, followUp: 240_000, manual: 120_000 };

/** Builds the monitor: everything once, from what it stands on. */
export function createMonitor(ports: Ports, settings: MonitorSettings): Monitor {
  const { azure, sinks, now } = ports;
  const { scope, sweepTimeout, reassessDays, staleAfter, nextSweep, sinkFaults } = settings;
  const { rules, delivery, createFinder, createReader, assessRegistry } = createEvaluator(ports, settings);
  const workOff = createWorkOff(ports, assessRegistry);
  const sweep = createSweep(ports, {
    scope,
    reassessDays,
    sweepTimeout,
    rules,
    delivery,
    createReader,
    assessRegistry,
  });
  const reactToChange = createReactToChange(ports, { assessRegistry, workOff, createReader });
  const followUp = createFollowUp(ports, { workOff, createReader, delivery });
  const forget = createForgetSubscription(ports, delivery);
  // Who holds the key is asked for even where no rule looks at it.
  const custodyRules = createRuleSet({ enabled: ['acr_custodyoverlap', 'kv_noauditlog'] });
  const readCustody = createReadCustody(ports, createReaderOf(custodyRules));
  const readBlastRadius = createReadBlastRadius(ports, createFinder);
  // What is asked for by name is looked at even where it is off.
  const allRules = createRuleSet({ ...settings.rules, enabled: ['all'], disabled: [] });

  const { subscriptionIds } = scope;
  const health = createHealth(ports, { staleAfter, sweepTimeout, nextSweep, sinkFaults, subscriptionIds });
  const underWay = new Map<AbortController, Promise<unknown>>();

  return {
    sweep: ({ source, onProgress, ...start }) =>
      withRun(sweepTimeout, start, (run) => sweep({ source, run, onProgress })),
    assess: (id, start) =>
      withRun(limits.manual, start, (run) => assessRegistry({ id, source: 'manual', run })),
    reactToChange: (changed, start) => withRun(limits.event, start, (run) => reactToChange(changed, run)),
    followUp: (start) => withRun(limits.followUp, start, followUp),
    forget: (subscriptionId, start) => withRun(limits.manual, start, (run) => forget(subscriptionId, run)),
    custody: (id, start) => withRun(limits.manual, start, (run) => readCustody(id, run)),
    remedies: (id, only, start) =>
      withRun(limits.manual, start, (run) => {
        const asked = only.length > 0 ? allRules : rules;
        return readRemedies(ports, { rules: asked, createReader: createReaderOf(asked) }, { id, only, run });
      }),
    blastRadius: (reference, start) =>
      withRun(limits.manual, start, (run) => readBlastRadius(reference, run)),
    queries: createQueries(ports, settings),
    async whoAmI(start) {
      const identity = await ports.whoAmI();
      const listed = await withRun(limits.manual, start, azure.listSubscriptions);
      return { ...identity, subscriptions: listed.flatMap((one) => ('item' in one ? one.item : [])) };
    },
    examine: ({ isAlertTested, ...start }) =>
      examine(ports, { scope, isAlertTested, run: startRun(limits.manual, start) }),
    testAlert: (name) =>
      sendTestAlerts(
        sinks.filter((sink) => name === undefined || sink.name === name),
        now(),
      ),
    health,
    end,
  };

  /** Does some work in a run that also ends with the process. */
  async function withRun<T>(limit: number, start: Start, work: (run: Run) => Promise<T>): Promise<T> {
    const ending = new AbortController();
    const signal = start.signal ? AbortSignal.any([start.signal, ending.signal]) : ending.signal;
    const done = doWithin(limit, { ...start, signal }, work);
    underWay.set(ending, done);
    return done.finally(() => underWay.delete(ending));
  }

  async function end(time: number): Promise<void> {
    const left = [...underWay.values()];
    for (const ending of underWay.keys()) ending.abort(new Interruption());
    await waitWithin({ signal: AbortSignal.timeout(time) }, Promise.allSettled(left));
  }

  function createReaderOf(ruleSet: RuleSet) {
    return createPostureReaders(ports, { rules: ruleSet, createFinder });
  }
}

/** Builds the one evaluator that sweep, event and due assessment end in, and what it is made of. */
export function createEvaluator(
  ports: Pick<Ports, 'azure' | 'inventory' | 'store' | 'sinks' | 'now'>,
  { cloud, rules: options, retrySchedule }: Pick<MonitorSettings, 'cloud' | 'rules' | 'retrySchedule'>,
) {
  const rules = createRuleSet(options);
  const createFinder = createKeyHolderFinders(ports, cloud);
  const createReader = createPostureReaders(ports, { rules, createFinder });
  const delivery = createAlertDelivery(ports, retrySchedule);
  const assessRegistry = createAssessRegistry(ports, { rules, createReader, delivery });
  return { rules, createFinder, createReader, delivery, assessRegistry };
}
