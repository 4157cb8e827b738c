import type { CloudName } from '../../domain/estate/cloud.ts';
import { parseRegistryId, type ResourceId } from '../../domain/estate/resource-id.ts';
import type { RegistryRecord } from '../../domain/record/finding.ts';
import type { Evidence, VerdictSummary } from '../../domain/record/verdict.ts';
import { findRule } from '../../rules/catalog.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type {
  FindingFilter,
  FindingQueries,
  Page,
  PageRequest,
  RegistryFilter,
  RegistryFinding,
  SubscriptionRecord,
  SweepException,
  SweepRecord,
} from '../ports/ports.ts';
import { isInterrupted, toInterrupted } from '../sweep/interrupted.ts';
import { type Confirmation, confirm, type Sight } from './confirmation.ts';
import { type HealthReason, type Measures, toSightReasons } from './health-reasons.ts';
import { createNaming, type Names } from './naming.ts';

/** What can be asked. */
export interface Queries extends Pick<FindingQueries, 'history'> {
  findings(filter: FindingFilter, page: PageRequest): Promise<Told<FindingView>>;
  registries(filter: RegistryFilter, page: PageRequest): Promise<Told<RegistrySummary>>;
  registry(id: ResourceId): Promise<RegistryView | undefined>;
  /** Ids of all known registries of a name, in any case. */
  registriesNamed(name: string): Promise<string[]>;
  sweeps(page: PageRequest): Promise<Page<SweepRecord>>;
  /** Subscriptions by id, those in the given states, or all. */
  coverage(
    states: readonly SubscriptionRecord['state'][],
    page: PageRequest,
  ): Promise<Told<SubscriptionRecord>>;
  /** What the last sweep that ended could not confirm. */
  exceptions(page: PageRequest): Promise<Told<SweepException>>;
}

/** A page of a list, and why what it does not hold is no all-clear; absent where everything is known. */
type Told<T> = Page<T> & { notKnown?: HealthReason[] };

/** A finding with the registry it is of, both by what people call them. */
type FindingView = RegistryFinding & Names & { title: string };

/** A registry with its verdicts in short. */
export type RegistrySummary = Omit<RegistryRecord, 'digest' | 'evidence'> & Names & Confirmation;

/** A registry with its verdicts and what each rests on. */
type RegistryView = Omit<RegistrySummary, 'verdicts'> & {
  verdicts: Record<string, VerdictSummary & { evidence?: Evidence }>;
};

/** How many sweeps are looked through for the last one that ended. */
const lookBack = 20;

/** Builds what answers questions from what is stored. */
export function createQueries(
  { store, now }: Pick<Ports, 'store' | 'now'>,
  { cloud, ...measures }: Measures & { cloud: CloudName },
): Queries {
  const { findings, queries, sweeps } = store;
  return {
    history: queries.history,
    findings: listFindings,
    coverage: listCoverage,
    exceptions: listLastExceptions,
    registries: listRegistries,
    registry: readRegistry,
    registriesNamed,
    sweeps: listSweeps,
  };

  async function listFindings(filter: FindingFilter, page: PageRequest): Promise<Told<FindingView>> {
    const [{ items, ...rest }, sight] = await Promise.all([queries.findings(filter, page), readSight()]);
    const name = createNaming(sight.subscriptions, cloud);
    const titled = items.map((finding) => ({
      ...finding,
      title: findRule(finding.rule)?.title ?? finding.rule,
      ...name(finding.registryId),
    }));
    const unheardOf = items.length === 0 ? await findUnheardOf(filter.registry ?? []) : [];
    return { ...rest, items: titled, ...tellNotKnown(sight, unheardOf) };
  }

  async function listRegistries(filter: RegistryFilter, page: PageRequest): Promise<Told<RegistrySummary>> {
    const [{ items, ...rest }, sight] = await Promise.all([queries.registries(filter, page), readSight()]);
    const told = await describe(items, sight);
    const summaries = told.map(({ digest: _, evidence: __, ...registry }) => registry);
    return { ...rest, items: summaries, ...tellNotKnown(sight) };
  }

  /** Registries by what people call them, each with the age of its proof. */
  async function describe<T extends RegistryRecord>(
    registries: readonly T[],
    sight: Sight,
  ): Promise<(T & Names & Confirmation)[]> {
    const name = createNaming(sight.subscriptions, cloud);
    const confirmations = await confirm(registries, sight, sweeps);
    return registries.map((registry, index) => ({
      ...name(registry.registryId),
      ...registry,
      ...(confirmations[index] ?? { confirmedAt: registry.assessedAt }),
    }));
  }

  async function readSight(): Promise<Sight> {
    const [{ items }, subscriptions] = await Promise.all([
      sweeps.listSweeps({ limit: lookBack }),
      sweeps.listSubscriptions(),
    ]);
    return { sweeps: items, subscriptions };
  }

  /** Why a list is no all-clear. */
  function tellNotKnown(sight: Sight, others: readonly HealthReason[] = []): Pick<Told<never>, 'notKnown'> {
    const notKnown = [...others, ...toSightReasons(sight, { ...measures, now: now() })];
    return notKnown.length > 0 ? { notKnown } : {};
  }

  /** Registries that were asked for and never seen. */
  async function findUnheardOf(asked: readonly string[]): Promise<HealthReason[]> {
    const known = await Promise.all(
      asked.map(async (one) => {
        const id = parseRegistryId(one);
        return id ? (await findings.readRegistry(id)) !== undefined : (await registriesNamed(one)).length > 0;
      }),
    );
    return asked
      .filter((_, index) => !known[index])
      .map((one) => ({
        part: 'coverage',
        code: 'registry_never_assessed',
        detail: `Registry ${one} was never assessed`,
      }));
  }

  /** One that was cut off, and that no sweep has closed yet, is told as what it is. */
  async function listSweeps(page: PageRequest): Promise<Page<SweepRecord>> {
    const { items, ...rest } = await sweeps.listSweeps(page);
    const at = now();
    const told = items.map((one) =>
      isInterrupted(one, measures.sweepTimeout, at) ? toInterrupted(one) : one,
    );
    return { ...rest, items: told };
  }

  async function listCoverage(
    states: readonly SubscriptionRecord['state'][],
    page: PageRequest,
  ): Promise<Told<SubscriptionRecord>> {
    const [found, sight] = await Promise.all([sweeps.listCoverage(states, page), readSight()]);
    return { ...found, ...tellNotKnown(sight) };
  }

  async function listLastExceptions(page: PageRequest): Promise<Told<SweepException>> {
    const sight = await readSight();
    const last = sight.sweeps.find(({ endedAt }) => endedAt);
    const found = last ? await sweeps.listExceptions(last, page) : { items: [] };
    return { ...found, ...tellNotKnown(sight) };
  }

  /** A registry's record as the API shows it: each verdict with its evidence. */
  async function readRegistry(id: ResourceId): Promise<RegistryView | undefined> {
    const stored = await findings.readRegistry(id);
    if (!stored) return undefined;
    const [described] = await describe([stored], await readSight());
    if (!described) return undefined;
    const { etag: _, digest: __, evidence, verdicts, ...registry } = described;
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
}
