import pMap from 'p-map';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import { parseRegistryId, type ResourceId, toResourceKey } from '../../domain/estate/resource-id.ts';
import type { Source } from '../../domain/record/finding.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { DueAssessment, FindingStore, Run, Versioned } from '../ports/ports.ts';
import { toReason } from '../ports/run.ts';
import type { PostureReader } from '../posture/read-posture.ts';
import { countBySubscription, createStrongReads } from '../posture/strong-reads.ts';
import type { AssessmentResult, AssessRegistry, SharedReads } from './assess-registry.ts';

/** What working off due assessments came to. */
export interface WorkedOff {
  done: number;
  changed: number;
  /** Given up after a day of tries: the next sweep has them. */
  dropped?: number;
  /** Left for later, with the reason of the first. */
  left: number;
  reason?: string;
}

/**
 * Assesses registries that are due, reading what several hang on once for all of them, until the run's time is over.
 * What fails or is not reached stays due.
 */
export type WorkOff = (
  items: readonly Versioned<DueAssessment>[],
  options: { source: Source; run: Run; reader: PostureReader },
) => Promise<WorkedOff>;

/** Registries that are assessed at once. */
const concurrency = 8;

/** Waits before the next try, by the number of tries, in milliseconds. */
const waits = [10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];

/** Tries of about a day. */
const mostTries = 30;

/** Longest that Azure can make an assessment wait, in milliseconds. */
const longestWait = 3_600_000;

/** When an assessment that could not be finished is due again. */
export function toNextDue(tries: number, now: Date, retryAfter = 0): Pick<DueAssessment, 'due' | 'tries'> {
  const wait = waits[Math.min(tries, waits.length - 1)] ?? 0;
  return {
    due: new Date(now.getTime() + Math.max(wait, Math.min(retryAfter, longestWait))).toISOString(),
    tries: tries + 1,
  };
}

/** Why an assessment has to be repeated; undefined when it is finished. */
export function toUnfinished(result: AssessmentResult): string | undefined {
  switch (result.state) {
    case 'assessed':
    case 'gone':
      return undefined;
    case 'notTerminal':
      return `provisioning_state_${result.provisioningState.toLowerCase()}`;
    case 'unreadable':
      return result.reason;
  }
}

/** Builds what works off due assessments. */
export function createWorkOff(
  { azure, store: { findings, due }, now }: Pick<Ports, 'azure' | 'store' | 'now'>,
  assessRegistry: AssessRegistry,
): WorkOff {
  return async (items, { source, run, reader }) => {
    const total: WorkedOff = { done: 0, changed: 0, left: 0 };
    const ids = items.flatMap(({ registryId }) => parseRegistryId(registryId) ?? []);
    const etags = await readEtags(findings, ids);
    const registries = countBySubscription(ids.map(({ subscriptionId }) => subscriptionId));
    const shared: SharedReads = { reader, strong: createStrongReads(azure, { registries }), etags };
    await pMap(items, workOffOne, { concurrency });
    return total;

    async function workOffOne(item: Versioned<DueAssessment>): Promise<void> {
      if (run.signal.aborted) return leave('time_over');
      const id = parseRegistryId(item.registryId);
      if (!id) return due.settle(item, 'done');
      try {
        await settle(item, await assessRegistry({ id, source, run, shared }));
      } catch (error) {
        const reason = toReason(error);
        leave(reason);
        if (run.signal.aborted) return;
        await tryLater(item, reason, error instanceof ReadFailure ? error.retryAfter : undefined);
      }
    }

    async function settle(item: Versioned<DueAssessment>, result: AssessmentResult): Promise<void> {
      const reason = toUnfinished(result);
      if (reason) {
        leave(reason);
        return tryLater(item, reason);
      }
      total.done += 1;
      if ('transitions' in result && result.transitions.length > 0) total.changed += 1;
      return due.settle(item, 'done');
    }

    async function tryLater(
      item: Versioned<DueAssessment>,
      reason: string,
      retryAfter?: number,
    ): Promise<void> {
      const isGivenUp = item.tries >= mostTries;
      run.log.warn(`${item.registryId} ${isGivenUp ? 'is left to the next sweep' : 'stays due'}: ${reason}`);
      if (isGivenUp) total.dropped = (total.dropped ?? 0) + 1;
      await due.settle(
        item,
        isGivenUp ? 'done' : { ...item, reason, ...toNextDue(item.tries, now(), retryAfter) },
      );
    }

    function leave(reason: string): void {
      total.left += 1;
      total.reason ??= reason;
    }
  };
}

async function readEtags(store: FindingStore, ids: readonly ResourceId[]): Promise<Map<string, string>> {
  const wanted = new Set(ids.map(toResourceKey));
  const etags = new Map<string, string>();
  if (ids.length === 0) return etags;
  for await (const { registryId, etag } of store.listMarks(ids)) {
    const id = parseRegistryId(registryId);
    const key = id && toResourceKey(id);
    if (key && wanted.has(key)) etags.set(key, etag);
  }
  return etags;
}
