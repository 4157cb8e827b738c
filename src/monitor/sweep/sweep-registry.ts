import { createHash } from 'node:crypto';
import pMap from 'p-map';
import { type Posture, toFooting } from '../../domain/estate/posture.ts';
import { isTerminal, type Registry } from '../../domain/estate/registry.ts';
import { type ResourceId, toResourceKey } from '../../domain/estate/resource-id.ts';
import { toDigest } from '../../domain/record/digest.ts';
import type { Source } from '../../domain/record/finding.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { AssessRegistry, SharedReads } from '../assess/assess-registry.ts';
import { toNextDue, toUnfinished } from '../assess/work-off.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run, SweepException, SweepRecord } from '../ports/ports.ts';
import { toReason } from '../ports/run.ts';
import { isCutOff } from './interrupted.ts';
import { type SweepMark, type SweepMarks, toMilliseconds } from './sweep-marks.ts';

/** What a sweep adds up. */
export interface Tally {
  record: SweepRecord;
  exceptions: SweepException[];
}

/** What the registries of one sweep have in common. */
export interface RegistrySweep {
  /** What is stored of all registries. */
  marks: SweepMarks;
  shared: SharedReads;
  tally: Tally;
  run: Run;
  source: Source;
}

/** Registries that are assessed at once. */
export const registryConcurrency = 48;

/** A registry as an inventory shows it. */
export interface ShownRegistry {
  registry: Registry;
  tenantId?: string | undefined;
  /** Its posture as far as it is good to nominate; absent where the inventory does not show enough for one. */
  toPosture?: (() => Promise<Posture>) | undefined;
}

/** What a sweep does with registries. */
export interface RegistrySweeper {
  /**
   * Assesses those of some registries whose verdicts differ from the stored ones, or that have not been read for long;
   * `toShared` builds what their assessments share, once it is known which they are.
   */
  sweep(
    sweep: RegistrySweep,
    shown: readonly ShownRegistry[],
    toShared: (due: readonly Registry[]) => SharedReads,
  ): Promise<void>;
  /** Assesses a registry by reading it from ARM, and counts what came of it. */
  assess(sweep: RegistrySweep, id: ResourceId, tenantId?: string): Promise<void>;
  /** One registry's failure costs one registry. */
  isolate<T>(sweep: RegistrySweep, id: ResourceId, step: () => Promise<T>): Promise<T | undefined>;
}

/** Builds it; `reassessDays` is after how many days a registry is read again though nothing seems to have changed. */
export function createRegistrySweeper(
  { store: { due }, now }: Pick<Ports, 'store' | 'now'>,
  {
    assessRegistry,
    rules,
    reassessDays,
  }: { assessRegistry: AssessRegistry; rules: RuleSet; reassessDays: number },
): RegistrySweeper {
  return { sweep: sweepAll, assess, isolate };

  async function sweepAll(
    sweep: RegistrySweep,
    shown: readonly ShownRegistry[],
    toShared: (due: readonly Registry[]) => SharedReads,
  ): Promise<void> {
    sweep.tally.record.registries += shown.length;
    const nominated = await pMap(
      shown,
      (one) => isolate(sweep, one.registry.id, async () => ((await isDue(sweep, one)) ? one : undefined)),
      { concurrency: registryConcurrency },
    );
    const toAssess = nominated.flatMap((one) => one ?? []);
    if (toAssess.length === 0) return;
    const shared = toShared(toAssess.map(({ registry }) => registry));
    await pMap(
      toAssess,
      ({ registry: { id }, tenantId }) =>
        isolate(sweep, id, () => assess({ ...sweep, shared }, id, tenantId)),
      { concurrency: registryConcurrency },
    );
  }

  async function isDue({ marks }: RegistrySweep, { registry, toPosture }: ShownRegistry): Promise<boolean> {
    const mark = marks.get(registry.id);
    if (!toPosture || !mark || !isStable(mark, registry) || isOverdue(registry.id, mark)) return true;
    const posture = await toPosture();
    if (posture.failures) return true;
    return toDigest(rules.summarise(posture, now()), rules.name, toFooting(posture)) !== mark.digest;
  }

  async function assess(sweep: RegistrySweep, id: ResourceId, tenantId?: string): Promise<void> {
    const { tally, shared, run, source } = sweep;
    const request = { id, source, run, sweep: tally.record.sweep, shared, ...(tenantId ? { tenantId } : {}) };
    const result = await assessRegistry(request);
    const reason = toUnfinished(result);
    if (reason) return leave(sweep, id, reason);
    tally.record.assessed += 1;
    if ('transitions' in result && result.transitions.length > 0) tally.record.changed += 1;
  }

  async function isolate<T>(
    sweep: RegistrySweep,
    id: ResourceId,
    step: () => Promise<T>,
  ): Promise<T | undefined> {
    const { signal } = sweep.run;
    try {
      signal.throwIfAborted();
      return await step();
    } catch (error) {
      // The next sweep has all that is left: to write down each would take longer than the host waits.
      if (isCutOff(sweep.run)) sweep.tally.record.unconfirmed += 1;
      else await leave(sweep, id, signal.aborted ? 'time_over' : toReason(error));
      return undefined;
    }
  }

  async function leave(sweep: RegistrySweep, id: ResourceId, reason: string): Promise<void> {
    except(sweep, { subscriptionId: id.subscriptionId, registryId: id.id, reason });
    await due.put([{ registryId: id.id, reason, ...toNextDue(0, now()) }]);
  }

  /** Each registry falls due at its own time within the last quarter of the days, so that not all do in one sweep. */
  function isOverdue(id: ResourceId, { assessedAt }: SweepMark): boolean {
    const spread = (createHash('sha256').update(toResourceKey(id)).digest()[0] ?? 0) / 256 / 4;
    return now().getTime() - assessedAt > reassessDays * (1 - spread) * 86_400_000;
  }
}

/** Notes that the sweep could not confirm something. */
export function except(
  { tally, run }: Pick<RegistrySweep, 'tally' | 'run'>,
  exception: Omit<SweepException, 'sweep'>,
): void {
  const { registryId, subscriptionId, reason } = exception;
  if (registryId) tally.record.unconfirmed += 1;
  tally.exceptions.push({ ...exception, sweep: tally.record.sweep });
  run.log.warn(`${registryId ?? `Subscription ${subscriptionId}`} could not be confirmed: ${reason}`);
}

/** Whether a registry is the one that was stored, and in a state that can be judged. */
function isStable(
  { isPresent, createdAt }: SweepMark,
  { createdAt: shown, provisioningState }: Registry,
): boolean {
  const created = toMilliseconds(shown);
  const isSame = createdAt === undefined || created === undefined || created === createdAt;
  return isPresent && isSame && isTerminal(provisioningState);
}
