import { parseRegistryId } from '../domain/estate/resource-id.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { SubscriptionRecord, SweepException, SweepRecord } from '../monitor/ports/ports.ts';
import { readAll } from './read-all.ts';
import { toAge } from './terminal-text.ts';

/** What is known by the last sweep, and what is not. */
export interface Standing {
  /** The last sweep that ended. */
  sweep: SweepRecord | undefined;
  exceptions: readonly SweepException[];
  subscriptions: readonly SubscriptionRecord[];
  /** What is not known and what to do about it, a sentence each; none when the last sweep confirmed everything. */
  doubts: readonly string[];
}

/** Reads how far what is stored can be relied on. */
export async function readStanding({ queries }: Pick<Monitor, 'queries'>): Promise<Standing> {
  const [sweeps, exceptions, subscriptions] = await Promise.all([
    queries.sweeps({ limit: 20 }),
    readAll((page) => queries.exceptions(page)),
    readAll((page) => queries.coverage([], page)),
  ]);
  const sweep = sweeps.items.find(({ endedAt }) => endedAt);
  return { sweep, exceptions, subscriptions, doubts: toDoubts(sweep, exceptions, subscriptions) };
}

function toDoubts(
  sweep: SweepRecord | undefined,
  exceptions: readonly SweepException[],
  subscriptions: readonly SubscriptionRecord[],
): string[] {
  if (!sweep) return ['No sweep has run yet, so nothing is known of the tenant: run "acr-cmk sweep".'];
  if (sweep.outcome === 'failed') {
    const reason = exceptions.map((one) => one.reason).join('; ') || 'see its log';
    return [
      `The last sweep (${toAge(sweep.endedAt ?? '')} ago) failed: ${reason}. What is shown is from before it; run "acr-cmk doctor", then "acr-cmk sweep".`,
    ];
  }
  if (sweep.subscriptions === 0) {
    return ['The last sweep saw no subscription, so nothing is known of the tenant: run "acr-cmk doctor".'];
  }
  const unreadRecords = subscriptions.filter(isNotRead);
  const unread = unreadRecords.map(toSubscriptionName);
  const isTold = (id: string | undefined) =>
    unreadRecords.some(({ subscriptionId }) => subscriptionId === id);
  const others = exceptions.filter(
    ({ registryId, subscriptionId }) =>
      registryId || (subscriptionId && !isTold(subscriptionId.toLowerCase())),
  );
  return [
    ...(unread.length > 0
      ? [
          `${count(unread.length, 'subscription')} can't be read (${list(unread)}): what is in there is not known; see "acr-cmk coverage".`,
        ]
      : []),
    ...(others.length > 0
      ? [`The last sweep could not confirm ${list(others.map(toExceptionText))}; see "acr-cmk coverage".`]
      : []),
  ];
}

/** Whether what is in a subscription is not known. */
export function isNotRead({ state }: SubscriptionRecord): boolean {
  return state === 'unreadable' || state === 'lost';
}

/** The name of a subscription, where it has one besides its id. */
export function toSubscriptionName({ subscriptionId, subscriptionName }: SubscriptionRecord): string {
  return subscriptionName ?? subscriptionId;
}

/** What could not be confirmed, and why, in a few words. */
function toExceptionText({ registryId, subscriptionId, reason }: SweepException): string {
  const what = parseRegistryId(registryId ?? '')?.name ?? subscriptionId ?? 'the list of subscriptions';
  return `${what}: ${toReasonText(reason)}`;
}

/** Why something could not be confirmed, in words where the reason is a code of our own. */
export function toReasonText(reason: string): string {
  const state = /^provisioning_state_(.+)$/.exec(reason)?.[1];
  if (state) return `it is ${state}, and looked at again each minute`;
  return reasons[reason] ?? reason;
}

const reasons: Record<string, string> = {
  subscription_forbidden: 'its registries may not be read (see "acr-cmk doctor")',
  subscription_lost: 'it was read before and is not in sight any more',
};

/** Names with commas; of many the first ones and how many more. */
export function list(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ');
}

/** A number with its noun. */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : toPlural(noun)}`;
}

function toPlural(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
