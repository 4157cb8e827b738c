import { createHash } from 'node:crypto';
import pMap from 'p-map';
import { toDigest } from '../domain/digest.ts';
import type { Source } from '../domain/finding.ts';
import { isSameCreation, isTerminal, type Registry } from '../domain/registry.ts';
import { parseRegistryId, type ResourceId, toResourceKey } from '../domain/resource-id.ts';
import { toSummaries } from '../domain/verdict.ts';
import { evaluate, ruleSet } from '../rules/catalog.ts';
import type { AssessRegistry, SharedReads } from './assess-registry.ts';
import type {
  AzureReader,
  DueStore,
  FindingStore,
  Listed,
  Log,
  RegistryMark,
  Run,
  SweepException,
  SweepRecord,
} from './ports.ts';
import { completePosture } from './read-posture.ts';
import { toReason } from './run.ts';
import { toNextDue, toUnfinished } from './work-off.ts';

/** What sweeping a subscription works with. */
export interface SubscriptionSweepDeps {
  azure: AzureReader;
  store: FindingStore;
  due: DueStore;
  assessRegistry: AssessRegistry;
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

/** One subscription within a sweep. */
export interface SubscriptionSweep {
  subscriptionId: string;
  /** What is stored of the subscription's registries, by resource key. */
  marks: ReadonlyMap<string, RegistryMark>;
  shared: SharedReads;
  tally: Tally;
  run: Run;
  source: Source;
}

/** Registries that are assessed at once in a subscription. */
const concurrency = 8;

/** Sweeps one subscription; throws when its list breaks off, after what came of it was dealt with. */
export async function sweepSubscription(
  deps: SubscriptionSweepDeps,
  sweep: SubscriptionSweep,
): Promise<'read' | 'unreadable'> {
  const { azure, log } = deps;
  const { subscriptionId, marks, tally, run } = sweep;
  const answer = await azure.listRegistries(subscriptionId, run);
  if (answer.state !== 'found') {
    const reason = answer.state === 'forbidden' ? 'subscription_forbidden' : 'subscription_not_found';
    tally.exceptions.push({ sweep: tally.record.sweep, subscriptionId, reason });
    log.warn(`Subscription ${subscriptionId} could not be read: ${reason}`);
    return 'unreadable';
  }
  const seen = new Set<string>();
  const list = { broken: undefined as unknown };
  await pMap(untilBroken(answer.value, list), visit, { concurrency });
  if (list.broken) throw list.broken;
  const vanished = [...marks].filter(([key, { state }]) => state === 'present' && !seen.has(key));
  await pMap(vanished, confirmVanished, { concurrency });
  return 'read';

  async function visit(listed: Listed<Registry>): Promise<void> {
    if ('oddItem' in listed) {
      const id = parseRegistryId(listed.oddItem);
      if (id) seen.add(toResourceKey(id));
      return except(deps, sweep, listed.oddItem, listed.reason);
    }
    const { item } = listed;
    seen.add(toResourceKey(item.id));
    tally.record.registries += 1;
    await isolate(deps, sweep, item.id, () => nominate(deps, sweep, item));
  }

  async function confirmVanished([, { registryId }]: [string, RegistryMark]): Promise<void> {
    const id = parseRegistryId(registryId);
    if (id) await isolate(deps, sweep, id, () => assess(deps, sweep, id));
  }
}

/** Yields what comes before a list breaks off, so that what is under way can be waited for. */
async function* untilBroken<T>(items: AsyncIterable<T>, list: { broken: unknown }): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    list.broken = error;
  }
}

/** Assesses a listed registry if its verdicts differ from the stored ones, or if it has not been read for long. */
async function nominate(
  deps: SubscriptionSweepDeps,
  sweep: SubscriptionSweep,
  registry: Registry,
): Promise<void> {
  const mark = sweep.marks.get(toResourceKey(registry.id));
  const isStable = mark?.state === 'present' && isSameCreation(mark.createdAt, registry.createdAt);
  if (isStable && isTerminal(registry.provisioningState) && !isOverdue(mark, deps)) {
    const posture = await completePosture(registry, sweep.shared.keyHolders);
    if (toDigest(toSummaries(evaluate(posture)), ruleSet) === mark.digest) return;
  }
  await assess(deps, sweep, registry.id);
}

async function assess(deps: SubscriptionSweepDeps, sweep: SubscriptionSweep, id: ResourceId): Promise<void> {
  const { tally, shared, run, source } = sweep;
  const result = await deps.assessRegistry({ id, source, run, sweep: tally.record.sweep, shared });
  const reason = toUnfinished(result);
  if (reason) return leave(deps, sweep, id, reason);
  tally.record.assessed += 1;
  if ('transitions' in result && result.transitions.length > 0) tally.record.changed += 1;
}

/** One registry's failure costs one registry. */
async function isolate(
  deps: SubscriptionSweepDeps,
  sweep: SubscriptionSweep,
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

async function leave(
  deps: SubscriptionSweepDeps,
  sweep: SubscriptionSweep,
  id: ResourceId,
  reason: string,
): Promise<void> {
  except(deps, sweep, id.id, reason);
  await deps.due.put([{ registryId: id.id, reason, ...toNextDue(0, deps.now()) }]);
}

function except(
  { log }: SubscriptionSweepDeps,
  { tally, subscriptionId }: SubscriptionSweep,
  registryId: string,
  reason: string,
): void {
  tally.record.unconfirmed += 1;
  tally.exceptions.push({ sweep: tally.record.sweep, subscriptionId, registryId, reason });
  log.warn(`${registryId} could not be confirmed: ${reason}`);
}

/** Each registry falls due at its own time within the last quarter of the days, so that not all do in one sweep. */
function isOverdue(
  { assessedAt, registryId }: RegistryMark,
  { reassessDays, now }: SubscriptionSweepDeps,
): boolean {
  const spread = (createHash('sha256').update(registryId).digest()[0] ?? 0) / 256 / 4;
  const age = now().getTime() - Date.parse(assessedAt);
  return age > reassessDays * (1 - spread) * 86_400_000;
}
