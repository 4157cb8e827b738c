import pMap from 'p-map';
import {
  type AlwaysReady,
  type EventSubscription,
  eventFunction,
  isReady,
  leadsToMonitor,
} from '../../domain/estate/event-subscription.ts';
import type { Subscription } from '../../domain/estate/places.ts';
import type { SetupReader } from '../ports/azure-ports.ts';
import type { Run } from '../ports/ports.ts';
import { functionAppAction, subscriptionActions } from './actions.ts';
import {
  attempt,
  type Check,
  concurrency,
  ok,
  reachFor,
  skipped,
  skippedWithoutSubscriptions,
  toCount,
  toLabel,
  toList,
  warning,
} from './check.ts';

/** Name of the group of instances that the function has. */
const readyGroup = 'function:resourceChanged';

const otherPlan = 'does not run on Flex Consumption: what it keeps ready is up to its plan';

const lateTodo =
  'Changes there are seen by the next sweep, not within seconds: deploy the events again (docs/deploy.md)';

const eventActions = subscriptionActions.doctor.filter((action) => action.includes('EventGrid'));

/** How a subscription's events reach the monitor. */
interface Looked {
  subscription: Subscription;
  /** Those that lead to the monitor; undefined where they can't be read. */
  leading?: EventSubscription[];
  reason?: string;
}

/** Which subscriptions lack an event subscription, and which functions those of the others lead to. */
export async function checkEventSubscriptions(
  setup: SetupReader,
  subscriptions: readonly Subscription[],
  run: Run,
): Promise<{ check: Check; functionIds: string[] }> {
  const looked = await pMap(subscriptions, (one) => lookAtEvents(setup, one, run), { concurrency });
  const ids = looked.flatMap(({ leading = [] }) => leading.map(({ functionId }) => functionId));
  const functionIds = [...new Map(ids.map((id) => [id.toLowerCase(), id])).values()];
  return { check: toEventsCheck(looked), functionIds };
}

async function lookAtEvents(setup: SetupReader, subscription: Subscription, run: Run): Promise<Looked> {
  const { subscriptionId } = subscription;
  const { value: answer, reason = '' } = await reachFor(() =>
    setup.listEventSubscriptions(subscriptionId, run),
  );
  if (answer?.state === 'found') return { subscription, leading: answer.value.filter(leadsToMonitor) };
  return { subscription, reason: answer ? `HTTP ${answer.reading.status}` : reason };
}

function toEventsCheck(looked: readonly Looked[]): Check {
  const name = 'Event subscriptions';
  if (looked.length === 0) return skippedWithoutSubscriptions(name);
  const without = looked.filter(({ leading }) => leading?.length === 0);
  const unready = looked.filter(({ leading = [] }) => leading.length > 0 && !leading.some(isReady));
  const unread = looked.filter(({ leading }) => leading === undefined);
  const late = [
    ...(without.length > 0 ? [`missing in ${toLabels(without)}`] : []),
    ...unready.map(toUnready),
  ];
  const faults = [
    ...(late.length > 0 ? [`${toList(late)}. ${lateTodo}`] : []),
    ...(unread.length > 0
      ? [`can’t be read in ${toList(unread.map(toUnread))}: ${eventActions.join(', ')} are needed`]
      : []),
  ];
  return faults.length > 0
    ? warning(name, faults.join('; '))
    : ok(name, `each of ${toCount(looked.length, 'subscription')} has one that leads to the monitor`);
}

function toLabels(looked: readonly Looked[]): string {
  return toList(
    looked.map(({ subscription }) => toLabel(subscription)),
    ', ',
  );
}

function toUnready({ subscription, leading = [] }: Looked): string {
  return `${toLabel(subscription)}: in state ${leading.map(({ provisioningState }) => provisioningState).join(', ')}`;
}

function toUnread({ subscription, reason }: Looked): string {
  return `${toLabel(subscription)} (${reason})`;
}

/** Whether an instance is always ready for events, in each app that they lead to. */
export function checkAlwaysReady(
  setup: SetupReader,
  functionIds: readonly string[],
  run: Run,
): Promise<Check> {
  const name = 'Always-ready instance';
  return attempt(name, async () => {
    if (functionIds.length === 0) {
      return skipped(name, 'the function app is not known, as no event subscription leads to it');
    }
    const looked = await pMap(functionIds, (id) => lookAtApp(setup, id, run), { concurrency });
    const faults = looked.flatMap(({ fault }) => fault ?? []);
    if (faults.length > 0) return warning(name, toList(faults));
    const others = looked.flatMap(({ other }) => other ?? []);
    return others.length > 0 ? skipped(name, toList(others)) : ok(name, 'one is kept for events');
  });
}

async function lookAtApp(
  setup: SetupReader,
  functionId: string,
  run: Run,
): Promise<{ fault?: string; other?: string }> {
  const siteId = functionId.slice(0, -eventFunction.length);
  const { value: answer, reason = '' } = await reachFor(() => setup.readAlwaysReady(siteId, run));
  if (!answer) return { fault: reason };
  switch (answer.state) {
    case 'found':
      return answer.value ? toKept(siteId, answer.value) : { other: `${siteId} ${otherPlan}` };
    case 'gone':
      return { fault: `events lead to ${siteId}, which does not exist: deploy the events again` };
    default:
      return {
        fault: `${siteId} can’t be read (HTTP ${answer.reading.status}): ${functionAppAction} is needed there`,
      };
  }
}

function toKept(siteId: string, groups: readonly AlwaysReady[]): { fault?: string } {
  const isOn = groups.some(
    (group) => group.name.toLowerCase() === readyGroup.toLowerCase() && group.instanceCount > 0,
  );
  if (isOn) return {};
  return {
    fault: `${siteId} keeps none for ${readyGroup}, so the first event after a quiet time may be heard of minutes late: az functionapp scale config always-ready set --ids ${siteId} --settings ${readyGroup}=1`,
  };
}
