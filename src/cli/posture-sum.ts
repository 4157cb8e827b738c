import type { RegistrySummary } from '../monitor/answers/queries.ts';
import { count, isNotRead, list, type Standing, toSubscriptionName } from './standing.ts';

type Part = 'pass' | 'fail' | 'unknown' | 'not judged yet' | 'not readable';

/** Counts all registries that are known or in sight, each once, in one line that adds up. */
export function toPostureSum(
  registries: readonly RegistrySummary[],
  { sweep, exceptions, subscriptions }: Omit<Standing, 'doubts'>,
): string {
  const unread = subscriptions.filter(isNotRead);
  const unreadIds = new Set(unread.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
  const parts = new Map<string, Part>();
  const judgedSince = new Set<string>();
  for (const { registryId, subscriptionId, verdicts, state, assessedAt } of registries) {
    if (sweep?.endedAt && assessedAt > sweep.endedAt) judgedSince.add(registryId.toLowerCase());
    if (state !== 'present') continue;
    const isRead = !unreadIds.has(subscriptionId.toLowerCase());
    parts.set(registryId.toLowerCase(), isRead ? toPart(verdicts) : 'not readable');
  }
  for (const { registryId, reason } of exceptions) {
    const key = registryId?.toLowerCase();
    if (key && !judgedSince.has(key)) parts.set(key, toUnconfirmedPart(reason));
  }
  const counts = Map.groupBy(parts.values(), (part) => part);
  const told = (['pass', 'fail', 'unknown', 'not judged yet', 'not readable'] as const)
    .map((part) => ({ part, number: counts.get(part)?.length ?? 0 }))
    .filter(({ part, number }) => number > 0 || part === 'pass' || part === 'fail' || part === 'unknown')
    .map(({ part, number }) => `${number} ${part}`);
  const hidden =
    unread.length > 0
      ? `, and those of ${count(unread.length, 'subscription')} that can't be read (${list(unread.map(toSubscriptionName))})`
      : '';
  return `${count(parts.size, 'registry')}: ${told.join(', ')}${hidden}`;
}

function toPart(verdicts: RegistrySummary['verdicts']): Part {
  const outcomes = Object.values(verdicts).map(({ outcome }) => outcome);
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.includes('unknown') || outcomes.length === 0 ? 'unknown' : 'pass';
}

function toUnconfirmedPart(reason: string): Part {
  return reason.startsWith('provisioning_state_') ? 'not judged yet' : 'not readable';
}
