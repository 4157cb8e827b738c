import { Command } from 'commander';
import { isSubscriptionId } from '../domain/estate/resource-id.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { SubscriptionRecord, SweepException } from '../monitor/ports/ports.ts';
import { openMonitor, start } from './context.ts';
import { exitCodes, UsageError } from './exit.ts';
import { note, print, printJson } from './output.ts';
import { toPostureSum } from './posture-sum.ts';
import { readAll } from './read-all.ts';
import {
  count,
  isNotRead,
  readStanding,
  type Standing,
  toReasonText,
  toSubscriptionName,
} from './standing.ts';
import { toTable, toTimeCell } from './table.ts';
import { cut, terminalWidth, wrap } from './terminal-text.ts';

/** `acr-cmk coverage` */
export const coverageCommand = new Command('coverage')
  .description('tell which subscriptions were read, and what the last sweep could not confirm')
  .option('--json', 'print subscriptions and exceptions as JSON')
  .action(async ({ json }: { json?: true }) => {
    const monitor = await openMonitor();
    const standing = await readStanding(monitor);
    const { subscriptions, exceptions, doubts } = standing;
    if (json) printJson({ items: subscriptions, exceptions });
    else {
      const registries = await readAll((page) => monitor.queries.registries({}, page));
      print(toText(standing, toPostureSum(registries, standing)));
    }
    if (doubts.length > 0) process.exitCode = exitCodes.notAllRead;
  });

/** `acr-cmk forget SUBSCRIPTION` */
export const forgetCommand = new Command('forget')
  .description('close, on record, what is open in a lost subscription that is gone for good')
  .argument('<subscription>', 'subscription id')
  .option('--json', 'print the outcome as JSON')
  .action(async (subscription: string, { json }: { json?: true }) => {
    if (!isSubscriptionId(subscription))
      throw new UsageError(`"${subscription}" is not the id of a subscription`);
    const result = await (await openMonitor()).forget(subscription, start);
    if (json) printJson(result);
    else (result.state === 'refused' ? note : print)(toOutcome(subscription, result));
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

function toText({ sweep, subscriptions, exceptions, doubts }: Standing, sum: string): string {
  if (!sweep) return doubts.join('\n');
  const counts = [...Map.groupBy(subscriptions, ({ state }) => state)].map(
    ([state, of]) => `${of.length} ${state}`,
  );
  const rest = subscriptions.filter(isNotRead);
  return [
    `${count(subscriptions.length, 'subscription')}: ${counts.join(', ') || 'none in sight'}`,
    ...wrap(sum, terminalWidth()),
    ...(rest.length > 0 ? ['', toTable(['SUBSCRIPTION', 'ID', 'STATE', 'SINCE'], rest.map(toRow))] : []),
    ...toEventsText(subscriptions),
    '',
    ...toConfirmedText(sweep.outcome, exceptions, doubts),
  ].join('\n');
}

function toConfirmedText(
  outcome: string | undefined,
  exceptions: readonly SweepException[],
  doubts: readonly string[],
): string[] {
  if (outcome === 'failed' || (exceptions.length === 0 && doubts.length > 0)) return [...doubts];
  if (exceptions.length === 0) return ['The last sweep confirmed everything.'];
  return ['The last sweep could not confirm:', ...exceptions.flatMap(toExceptionLines)];
}

/** What could not be confirmed, and below it why. */
function toExceptionLines({ registryId, subscriptionId, reason }: SweepException): string[] {
  const what =
    registryId ?? (subscriptionId ? `/subscriptions/${subscriptionId}` : 'the list of subscriptions');
  const width = terminalWidth() - 4;
  return [`  ${cut(what, width)}`, ...wrap(toReasonText(reason), width).map((line) => `    ${line}`)];
}

/** Subscriptions whose changes are only seen by the sweep. */
function toEventsText(subscriptions: readonly SubscriptionRecord[]): string[] {
  const without = subscriptions.filter(({ events }) => events === 'missing');
  if (without.length === 0) return [];
  const rows = without.map((record) => [
    toSubscriptionName(record),
    record.subscriptionId,
    toTimeCell(record.eventsCheckedAt ?? ''),
  ]);
  return [
    '',
    'No events come from these, so that changes are only seen by the sweep:',
    toTable(['SUBSCRIPTION', 'ID', 'CHECKED'], rows),
  ];
}

function toRow(record: SubscriptionRecord): string[] {
  return [toSubscriptionName(record), record.subscriptionId, record.state, toTimeCell(record.since)];
}
