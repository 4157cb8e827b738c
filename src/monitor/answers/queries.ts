import { parseRegistryId, type ResourceId } from '../../domain/estate/resource-id.ts';
import type { RegistryRecord } from '../../domain/record/finding.ts';
import type { Evidence, VerdictSummary } from '../../domain/record/verdict.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type {
  FindingQueries,
  Page,
  PageRequest,
  SweepException,
  SweepRecord,
  SweepStore,
} from '../ports/ports.ts';
import { isInterrupted, toInterrupted } from '../sweep/interrupted.ts';

/** What can be asked. */
export interface Queries extends Omit<FindingQueries, 'registries'> {
  registries(...asked: Parameters<FindingQueries['registries']>): Promise<Page<RegistrySummary>>;
  registry(id: ResourceId): Promise<RegistryView | undefined>;
  /** Ids of all known registries of a name, in any case. */
  registriesNamed(name: string): Promise<string[]>;
  sweeps(page: PageRequest): Promise<Page<SweepRecord>>;
  /** Subscriptions by id, those in the given states, or all. */
  coverage: SweepStore['listCoverage'];
  /** What the last sweep that ended could not confirm. */
  exceptions(page: PageRequest): Promise<Page<SweepException>>;
}

/** A registry with its verdicts in short. */
export type RegistrySummary = Omit<RegistryRecord, 'digest' | 'evidence'>;

/** A registry with its verdicts and what each rests on. */
type RegistryView = Omit<RegistryRecord, 'digest' | 'evidence' | 'verdicts'> & {
  verdicts: Record<string, VerdictSummary & { evidence?: Evidence }>;
};

/** Builds what answers questions from what is stored. */
export function createQueries({ store, now }: Pick<Ports, 'store' | 'now'>, sweepTimeout: number): Queries {
  const { findings, queries, sweeps } = store;
  return {
    ...queries,
    coverage: sweeps.listCoverage,
    exceptions: listLastExceptions,
    registries: listRegistries,
    registry: readRegistry,
    registriesNamed,
    sweeps: listSweeps,
  };

  async function listRegistries(
    ...asked: Parameters<FindingQueries['registries']>
  ): Promise<Page<RegistrySummary>> {
    const { items, ...page } = await queries.registries(...asked);
    return { ...page, items: items.map(({ digest: _, evidence: __, ...registry }) => registry) };
  }

  /** One that was cut off, and that no sweep has closed yet, is told as what it is. */
  async function listSweeps(page: PageRequest): Promise<Page<SweepRecord>> {
    const { items, ...rest } = await sweeps.listSweeps(page);
    const at = now();
    const told = items.map((one) => (isInterrupted(one, sweepTimeout, at) ? toInterrupted(one) : one));
    return { ...rest, items: told };
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
}
