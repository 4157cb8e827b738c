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
import type { AzureReader } from '../ports/azure-ports.ts';
import type { DueStore, FindingStore, Log, Run, SweepException, SweepRecord } from '../ports/ports.ts';
import { toReason } from '../ports/run.ts';
import { type SweepMark, type SweepMarks, toMilliseconds } from './sweep-marks.ts';

/** What sweeping registries works with. */
export interface RegistrySweepDeps {
  azure: AzureReader;
  store: FindingStore;
  due: DueStore;
  assessRegistry: AssessRegistry;
  rules: RuleSet;
  /** After how many days a registry is read again though nothing seems to have changed. */
  reassessDays: number;
  now(): Date;
  log: Log;
}

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

/** Assesses a registry if its verdicts differ from the stored ones, or if it has not been read for long. */
export async function nominate(
  deps: RegistrySweepDeps,
  sweep: RegistrySweep,
  { registry, toPosture, tenantId }: { registry: Registry; toPosture(): Promise<Posture>; tenantId?: string },
): Promise<void> {
  const mark = sweep.marks.get(registry.id);
  if (mark && isStable(mark, registry) && !isOverdue(registry.id, mark, deps)) {
    const verdicts = deps.rules.evaluate(await toPosture(), deps.now());
    if (toDigest(toSummaries(verdicts), deps.rules.name) === mark.digest) return;
  }
  await assess(deps, sweep, registry.id, tenantId);
}

/** Assesses a registry by reading it from ARM, and counts what came of it. */
export async function assess(
  deps: RegistrySweepDeps,
  sweep: RegistrySweep,
  id: ResourceId,
  tenantId?: string,
): Promise<void> {
  const { tally, shared, run, source } = sweep;
  const request = { id, source, run, sweep: tally.record.sweep, shared, ...(tenantId ? { tenantId } : {}) };
  const result = await deps.assessRegistry(request);
  const reason = toUnfinished(result);
  if (reason) return leave(deps, sweep, id, reason);
  tally.record.assessed += 1;
  if ('transitions' in result && result.transitions.length > 0) tally.record.changed += 1;
}

/** One registry's failure costs one registry. */
export async function isolate(
  deps: RegistrySweepDeps,
  sweep: RegistrySweep,
  id: ResourceId,
  step: () => Promise<void>,
): Promise<void> {
  const { signal } = sweep.run;
  try {
    signal.throwIfAborted();
    await step();
  } catch (error) {
    await leave(deps, sweep, id, signal.aborted ? 'time_over' : toReason(error));
  }
}

/** Notes that the sweep could not confirm something. */
export function except(
  { log }: Pick<RegistrySweepDeps, 'log'>,
  tally: Tally,
  exception: Omit<SweepException, 'sweep'>,
): void {
  const { registryId, subscriptionId, reason } = exception;
  if (registryId) tally.record.unconfirmed += 1;
  tally.exceptions.push({ ...exception, sweep: tally.record.sweep });
  log.warn(`${registryId ?? `Subscription ${subscriptionId}`} could not be confirmed: ${reason}`);
}

async function leave(
  deps: RegistrySweepDeps,
  { tally }: RegistrySweep,
  id: ResourceId,
  reason: string,
): Promise<void> {
  except(deps, tally, { subscriptionId: id.subscriptionId, registryId: id.id, reason });
  await deps.due.put([{ registryId: id.id, reason, ...toNextDue(0, deps.now()) }]);
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

/** Each registry falls due at its own time within the last quarter of the days, so that not all do in one sweep. */
function isOverdue(
  id: ResourceId,
  { assessedAt }: SweepMark,
  { reassessDays, now }: RegistrySweepDeps,
): boolean {
  const spread = (createHash('sha256').update(toResourceKey(id)).digest()[0] ?? 0) / 256 / 4;
  return now().getTime() - assessedAt > reassessDays * (1 - spread) * 86_400_000;
}
