import pMap from 'p-map';
import type { Subscription } from '../../domain/estate/places.ts';
import type { SetupReader } from '../ports/azure-ports.ts';
import type { Ports, Scope } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import { managementGroupActions, subscriptionActions, toMissing } from './actions.ts';
import {
  attempt,
  type Check,
  concurrency,
  failed,
  ok,
  reachFor,
  skipped,
  skippedWithoutSubscriptions,
  toCount,
  toLabel,
  toList,
  warning,
} from './check.ts';

const grantRole = 'assign the monitor’s role there';

/** Whether the subscriptions below the management group can be listed, and which they are; undefined where they can't. */
export async function checkManagementGroup(
  { azure, setup }: Pick<Ports, 'azure' | 'setup'>,
  { managementGroup: group }: Scope,
  run: Run,
): Promise<{ check: Check; below: string[] | undefined }> {
  const name = 'Management group';
  if (!group) {
    const check = skipped(name, 'MANAGEMENT_GROUP_ID is not set: no management group is watched');
    return { check, below: [] };
  }
  const listed = await reachFor(() => azure.listSubscriptionsBelow(group, run));
  if (listed.value) {
    const count = toCount(listed.value.length, 'subscription');
    return { check: ok(name, `${count} below ${group} can be listed`), below: listed.value };
  }
  const scopeId = `/providers/Microsoft.Management/managementGroups/${group}`;
  const permissions = await reachFor(() => setup.readPermissions(scopeId, run));
  const lacking =
    permissions.value?.state === 'found' ? toMissing(managementGroupActions, permissions.value.value) : [];
  const todo =
    lacking.length > 0
      ? `the identity lacks ${lacking.join(', ')} at ${group}: ${grantRole}`
      : `check MANAGEMENT_GROUP_ID, and that the identity has ${managementGroupActions.join(', ')} there`;
  return { check: failed(name, `${listed.reason}; ${todo}`), below: undefined };
}

/** Which subscriptions are in sight, and which of them are watched. */
export async function checkSubscriptions(
  { azure }: Pick<Ports, 'azure'>,
  { scope, below }: { scope: Scope; below: string[] | undefined },
  run: Run,
): Promise<{ check: Check; subscriptions: Subscription[] }> {
  let subscriptions: Subscription[] = [];
  const check = await attempt('Subscriptions', async () => {
    const listed = await azure.listSubscriptions(run);
    const inSight = listed.flatMap((one) => ('item' in one ? one.item : []));
    const odd = listed.flatMap((one) => ('item' in one ? [] : one.reason));
    const wanted = toWanted(scope, below);
    subscriptions = inSight.filter(({ subscriptionId }) => wanted?.has(toKey(subscriptionId)) ?? true);
    return toSubscriptionsCheck({ subscriptions, inSight, wanted, odd, isGroupRead: below !== undefined });
  });
  return { check, subscriptions };
}

/** Ids of the subscriptions to watch, in lower case; undefined for all in sight, also where it can't be told. */
function toWanted({ subscriptionIds, managementGroup }: Scope, below: string[] | undefined) {
  if (!below || (subscriptionIds.length === 0 && !managementGroup)) return undefined;
  return new Set([...subscriptionIds, ...below].map(toKey));
}

function toSubscriptionsCheck(found: {
  subscriptions: Subscription[];
  inSight: Subscription[];
  wanted: ReadonlySet<string> | undefined;
  odd: string[];
  isGroupRead: boolean;
}): Check {
  const name = 'Subscriptions';
  const { subscriptions, inSight, wanted, odd } = found;
  if (inSight.length === 0 && odd.length === 0) {
    const todo = 'assign the monitor’s role to the identity at a management group or at subscriptions';
    return failed(name, `none is in sight: ${todo}`);
  }
  const seen = new Set(inSight.map(({ subscriptionId }) => toKey(subscriptionId)));
  const missing = [...(wanted ?? [])].filter((id) => !seen.has(id));
  const names = subscriptions.length > 0 ? `: ${toList(subscriptions.map(toLabel))}` : '';
  const count = `${subscriptions.length} of ${inSight.length} in sight are watched${names}`;
  if (missing.length > 0) {
    const todo = `${grantRole}, or take them out of SUBSCRIPTION_IDS or the management group`;
    return failed(name, `not in sight: ${toList(missing)}: ${todo}. ${count}`);
  }
  if (odd.length > 0) return failed(name, `${toList(odd)}. ${count}`);
  if (!found.isGroupRead) {
    return warning(
      name,
      `all ${inSight.length} in sight are looked at, as the management group can’t be read`,
    );
  }
  return ok(name, count);
}

/** Whether each action that the monitor's role is made of is permitted in each subscription. */
export function checkActions(
  { setup }: Pick<Ports, 'setup'>,
  subscriptions: readonly Subscription[],
  run: Run,
): Promise<Check> {
  const name = 'Read actions';
  return attempt(name, async () => {
    if (subscriptions.length === 0) return skippedWithoutSubscriptions(name);
    const looked = await pMap(subscriptions, (one) => lookAtActions(setup, one, run), { concurrency });
    const faults = looked.filter(({ fault }) => fault !== undefined);
    if (faults.length === 0) return ok(name, toPermitted(subscriptions.length));
    const message = `${toList(faults.map(({ fault }) => fault ?? ''))}; ${grantRole}, or deploy it again`;
    return faults.some(({ isSweepable }) => !isSweepable) ? failed(name, message) : warning(name, message);
  });
}

function toPermitted(subscriptions: number): string {
  const { sweep, doctor } = subscriptionActions;
  return `all ${sweep.length + doctor.length} are permitted in ${toCount(subscriptions, 'subscription')}`;
}

/** What is wrong with a subscription, and whether it can be swept all the same. */
async function lookAtActions(
  setup: SetupReader,
  subscription: Subscription,
  run: Run,
): Promise<{ fault?: string; isSweepable: boolean }> {
  const label = toLabel(subscription);
  const { value: answer, reason = '' } = await reachFor(() =>
    setup.readPermissions(`/subscriptions/${subscription.subscriptionId}`, run),
  );
  if (answer?.state !== 'found') {
    const cause = answer ? toRefusal(answer) : reason;
    return { fault: `${label}: its permissions can’t be read (${cause})`, isSweepable: false };
  }
  const forSweep = toMissing(subscriptionActions.sweep, answer.value);
  const missing = [...forSweep, ...toMissing(subscriptionActions.doctor, answer.value)];
  if (missing.length === 0) return { isSweepable: true };
  return { fault: `${label} lacks ${missing.join(', ')}`, isSweepable: forSweep.length === 0 };
}

function toRefusal({ state, reading }: { state: string; reading: { status: number } }): string {
  return state === 'forbidden'
    ? `HTTP ${reading.status}: Microsoft.Authorization/permissions/read is missing`
    : `HTTP ${reading.status}`;
}

function toKey(subscriptionId: string): string {
  return subscriptionId.toLowerCase();
}
