import { createHash } from 'node:crypto';
import type { Posture } from '../../domain/estate/posture.ts';
import { isTerminal, type Registry } from '../../domain/estate/registry.ts';
import { type ResourceId, toResourceKey } from '../../domain/estate/resource-id.ts';
import { toDigest } from '../../domain/record/digest.ts';
import type { Source } from '../../domain/record/finding.ts';
import { toSummaries } from '../../domain/record/verdict.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { AssessRegistry, SharedReads } from '../assess/assess-registry.ts';
import { toNextDue, toUnfinished } from '../assess/work-off.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run, SweepException, SweepRecord } from '../ports/ports.ts';
import { toReason } from '../ports/run.ts';
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
export const registryConcurrency = 16;

/** What a sweep does with one registry. */
export interface RegistrySweeper {
  /** Assesses a registry if its verdicts differ from the stored ones, or if it has not been read for long. */
  nominate(
    sweep: RegistrySweep,
    nominated: { registry: Registry; toPosture(): Promise<Posture>; tenantId?: string },
  ): Promise<void>;
  /** Assesses a registry by reading it from ARM, and counts what came of it. */
  assess(sweep: RegistrySweep, id: ResourceId, tenantId?: string): Promise<void>;
  /** One registry's failure costs one registry. */
  isolate(sweep: RegistrySweep, id: ResourceId, step: () => Promise<void>): Promise<void>;
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
  return { nominate, assess, isolate };

  async function nominate(
    sweep: RegistrySweep,
    { registry, toPosture, tenantId }: Parameters<RegistrySweeper['nominate']>[1],
  ): Promise<void> {
    const mark = sweep.marks.get(registry.id);
    if (mark && isStable(mark, registry) && !isOverdue(registry.id, mark)) {
      const verdicts = rules.evaluate(await toPosture(), now());
      if (toDigest(toSummaries(verdicts), rules.name) === mark.digest) return;
    }
    await assess(sweep, registry.id, tenantId);
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

  async function isolate(sweep: RegistrySweep, id: ResourceId, step: () => Promise<void>): Promise<void> {
    const { signal } = sweep.run;
    try {
      signal.throwIfAborted();
      await step();
    } catch (error) {
      await leave(sweep, id, signal.aborted ? 'time_over' : toReason(error));
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
