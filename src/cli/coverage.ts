import { Command } from 'commander';
import type { Monitor } from '../monitor/monitor.ts';
import type { Page, PageRequest, SubscriptionRecord, SweepException } from '../monitor/ports/ports.ts';
import { openMonitor, printJson, start } from './context.ts';
import { exitCodes } from './exit.ts';
import { toTable, toTimeCell } from './table.ts';

const notRead = ['unreadable', 'lost'] as const;

/** `acr-cmk coverage` */
export const coverageCommand = new Command('coverage')
  .description('tell which subscriptions were read, and what the last sweep could not confirm')
  .option('--json', 'print subscriptions and exceptions as JSON')
  .action(async ({ json }: { json?: true }) => {
    const { queries } = openMonitor();
    const subscriptions = await readAll((page) => queries.coverage([], page));
    const exceptions = await readAll((page) => queries.exceptions(page));
    if (json) printJson({ items: subscriptions, exceptions });
    else console.log(toText(subscriptions, exceptions));
    const isWhole = exceptions.length === 0 && !subscriptions.some(isNotRead);
    if (!isWhole) process.exitCode = exitCodes.notAllRead;
  });

/** `acr-cmk forget SUBSCRIPTION` */
export const forgetCommand = new Command('forget')
  .description('close, on record, what is open in a lost subscription that is gone for good')
  .argument('<subscription>', 'subscription id')
  .option('--json', 'print the outcome as JSON')
  .action(async (subscription: string, { json }: { json?: true }) => {
    const result = await openMonitor().forget(subscription, start);
    if (json) printJson(result);
    else console.log(toOutcome(subscription, result));
    if (result.state === 'refused') process.exitCode = exitCodes.wrongUse;
  });

type Forgotten = Awaited<ReturnType<Monitor['forget']>>;

function toOutcome(subscription: string, result: Forgotten): string {
  if (result.state === 'forgotten') {
    return `Subscription ${subscription} is forgotten: ${result.registries} registries, ${result.closed} findings closed.`;
  }
  return result.reason === 'still_in_sight'
    ? `Subscription ${subscription} was in sight in the last sweep; only a lost one can be forgotten.`
    : `Subscription ${subscription} was never seen by a sweep.`;
}

async function readAll<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit: 1000, ...(cursor ? { cursor } : {}) });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return all;
}

function toText(subscriptions: readonly SubscriptionRecord[], exceptions: readonly SweepException[]): string {
  const counts = [...Map.groupBy(subscriptions, ({ state }) => state)].map(
    ([state, of]) => `${of.length} ${state}`,
  );
  const rest = subscriptions.filter(isNotRead);
  return [
    `${subscriptions.length} subscriptions: ${counts.join(', ') || 'none swept yet'}`,
    ...(rest.length > 0 ? ['', toTable(['SUBSCRIPTION', 'STATE', 'SINCE'], rest.map(toRow))] : []),
    ...toEventsText(subscriptions),
    '',
    exceptions.length === 0
      ? 'The last sweep confirmed everything.'
      : `The last sweep could not confirm:\n${toTable(['WHAT', 'REASON'], exceptions.map(toExceptionRow))}`,
  ].join('\n');
}

/** Subscriptions whose changes are only seen by the sweep. */
function toEventsText(subscriptions: readonly SubscriptionRecord[]): string[] {
  const without = subscriptions.filter(({ events }) => events === 'missing');
  if (without.length === 0) return [];
  const rows = without.map(({ subscriptionId, eventsCheckedAt = '' }) => [
    subscriptionId,
    toTimeCell(eventsCheckedAt),
  ]);
  return [
    '',
    'No event subscription leads to the monitor, so that changes are only seen by the sweep:',
    toTable(['SUBSCRIPTION', 'CHECKED'], rows),
  ];
}

function isNotRead({ state }: SubscriptionRecord): boolean {
  return notRead.some((known) => known === state);
}

function toRow({ subscriptionId, state, since }: SubscriptionRecord): string[] {
  return [subscriptionId, state, toTimeCell(since)];
}

function toExceptionRow({ registryId, subscriptionId, reason }: SweepException): string[] {
  return [registryId ?? `/subscriptions/${subscriptionId}`, reason];
}
