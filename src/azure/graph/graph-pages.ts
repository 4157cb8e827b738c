import { setTimeout as wait } from 'node:timers/promises';
import { type createResourceGraph, resources } from '@azure/arm-resourcegraph/api';
import * as z from 'zod';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import { GraphUnavailable } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import type { ArmCaller } from '../arm/arm-call.ts';

type GraphClient = ReturnType<typeof createResourceGraph>;

/** One page of a query's rows. */
interface GraphPage {
  rows: unknown[];
  reading: Reading;
}

/** Asks Resource Graph a query about subscriptions, or about all in sight, page by page to the end. */
export type AskGraph = (
  query: string,
  subscriptionIds: readonly string[] | 'all',
  run: Run,
  /** Whether what stands at the management groups above the subscriptions is asked for too. */
  isAboveAsked?: boolean,
) => AsyncGenerator<GraphPage>;

/** Most rows that a page can have. */
const maxPage = 1_000;

/** Answers that mean that this graph can't be asked this way, now or later. */
const refusals = new Set([400, 404, 405, 501]);

const GraphBody = z.object({
  totalRecords: z.number(),
  count: z.number(),
  resultTruncated: z.unknown().optional(),
  $skipToken: z.string().nullish(),
  data: z.array(z.unknown()),
});

/**
 * Builds the paging of Resource Graph. A page that is too large is asked for again with half the size; whatever hints
 * at a lost page fails loudly; the user's quota is paced as Azure tells it.
 */
export function createGraphPages(client: GraphClient, { call }: ArmCaller): AskGraph {
  const quota = createQuota();
  return async function* ask(query, subscriptionIds, run, isAboveAsked = false) {
    const followed = new Set<string>();
    const progress = { received: 0, totals: new Set<number>() };
    let skipToken: string | undefined;
    let top = maxPage;
    for (;;) {
      const page = await askPage({ query, subscriptionIds, run, isAboveAsked, top, skipToken });
      if (page === 'too_large') {
        if (top === 1) throw new ReadFailure('Resource Graph: a single row is too large for a page');
        top = Math.ceil(top / 2);
        continue;
      }
      const { body, reading } = page;
      yield { rows: body.data, reading };
      progress.received += body.data.length;
      progress.totals.add(body.totalRecords);
      skipToken = body.$skipToken || undefined;
      if (!skipToken) return confirmEnd(body, top, progress);
      if (followed.has(skipToken)) throw new ReadFailure('Resource Graph: the pages run in a circle');
      followed.add(skipToken);
    }
  };

  async function askPage({ query, subscriptionIds, run, isAboveAsked, top, skipToken }: PageRequest) {
    await quota.wait(run.signal);
    const target = { what: 'graph', id: query.split('\n')[0] ?? '', onHeaders: quota.note } as const;
    const request = {
      query,
      ...(subscriptionIds === 'all' ? {} : { subscriptions: [...subscriptionIds] }),
      options: {
        top,
        resultFormat: 'objectArray' as const,
        ...(isAboveAsked ? { authorizationScopeFilter: 'AtScopeAboveAndBelow' as const } : {}),
        ...(skipToken ? { skipToken } : {}),
      },
    };
    try {
      const answer = await call(target, run, (options) => resources(client, request, options));
      if (answer.state !== 'found') {
        throw new GraphUnavailable(`Resource Graph answered HTTP ${answer.reading.status}`);
      }
      const parsed = GraphBody.safeParse(answer.value);
      if (!parsed.success) {
        throw new ReadFailure(
          `Resource Graph: the body lacks ${parsed.error.issues[0]?.path.join('.') || 'its rows'}`,
        );
      }
      return { body: parsed.data, reading: answer.reading };
    } catch (error) {
      if (!(error instanceof ReadFailure)) throw error;
      if (error.codes.includes('ResponsePayloadTooLarge')) return 'too_large';
      if (refusals.has(error.status ?? 0)) {
        throw new GraphUnavailable(
          `Resource Graph answered HTTP ${error.status} ${error.codes.join(', ')}`.trim(),
        );
      }
      throw error;
    }
  }
}

interface PageRequest {
  query: string;
  subscriptionIds: readonly string[] | 'all';
  run: Run;
  isAboveAsked: boolean;
  top: number;
  skipToken: string | undefined;
}

/** Without a token the rows have to be complete; `totalRecords` may change while pages are read. */
function confirmEnd(
  { resultTruncated, totalRecords, data }: z.infer<typeof GraphBody>,
  top: number,
  { received, totals }: { received: number; totals: ReadonlySet<number> },
): void {
  if (String(resultTruncated).toLowerCase() === 'true') {
    throw new ReadFailure('Resource Graph: the result is truncated without a token for the rest');
  }
  const isShort = received < totalRecords && (totals.size === 1 || data.length === top);
  if (isShort) {
    throw new ReadFailure(
      `Resource Graph: ${received} of ${totalRecords} rows came, and no token for the rest`,
    );
  }
}

/** The quota is one of seconds: a header that says more must not stop a sweep. */
const longestWait = 60_000;

/** The quota of the user, as the last answer told it: when nothing remains, the next query waits. */
function createQuota() {
  let resetsAt = 0;
  return {
    note(headers: Record<string, string | undefined>): void {
      const [hours = 0, minutes = 0, seconds = 0] = (headers['x-ms-user-quota-resets-after'] ?? '')
        .split(':')
        .map(Number);
      const after = (hours * 3600 + minutes * 60 + seconds) * 1000;
      const isUsedUp = Number(headers['x-ms-user-quota-remaining'] ?? 1) <= 0;
      resetsAt = isUsedUp && Number.isFinite(after) ? performance.now() + Math.min(after, longestWait) : 0;
    },
    async wait(signal: AbortSignal): Promise<void> {
      const left = resetsAt - performance.now();
      if (left > 0) await wait(left, undefined, { signal });
    },
  };
}
