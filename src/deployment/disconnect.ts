import type { Arm } from './arm.ts';
import { ArmFailure } from './arm-failure.ts';
import { type CustomRole, deleteRole, findRoles, unassignRole, writeRole } from './custom-role.ts';
import { removeEventPolicy } from './event-policy.ts';
import { endEvents } from './events.ts';
import { removeGuardrails } from './guardrails.ts';
import type { MonitorName } from './monitor-place.ts';
import type { Progress } from './progress.ts';
import { findReader, toReaderName } from './reader-role.ts';
import { type Scope, subscriptionsBelow, toGroupScope } from './scope.ts';

/** What takes a monitor's hands off. */
interface Disconnecting {
  arm: Arm;
  monitor: MonitorName;
  progress: Progress;
}

/** What is known of the monitor's things in a subscription. */
interface Known {
  role: CustomRole | undefined;
  /** What the monitor's names end in, where that is known. */
  hash?: string | undefined;
  /** Whether its events go on, as it is watched in another way. */
  keepsEvents?: boolean;
}

/**
 * Removes what a monitor has outside of its resource group: events, guardrails, policies, rights and roles. It needs
 * nothing of the monitor itself, so it can run after that is deleted, and again after a run that did not end.
 */
export async function disconnect(
  { arm, monitor, progress }: Disconnecting,
  { scope, hash }: { scope: Scope; hash?: string | undefined },
): Promise<void> {
  const within = { arm, monitor, progress };
  const role = await progress.attempt('find the role of the monitor', () => findReader(arm, monitor));
  const listed = scope.kind === 'list' ? scope.subscriptions : await findBelow(within, scope.group);
  const scopes = role?.assignableScopes.map((one) => one.slice('/subscriptions/'.length)) ?? [];
  const gone: string[] = [];
  for (const id of new Set([...listed, ...scopes, monitor.home])) {
    if (await disconnectSubscription(within, id, { role, hash })) gone.push(id);
  }
  if (scope.kind === 'group') await disconnectGroup(within, scope.group);
  if (role) await shrinkReader(within, role, { gone, isKept: false });
}

async function findBelow({ arm, progress }: Disconnecting, group: string): Promise<string[]> {
  return (
    (await progress.attempt(`find the subscriptions below ${group}`, () => subscriptionsBelow(arm, group))) ??
    []
  );
}

/** Removes what is in one subscription; false where the role has to go on naming it. */
export async function disconnectSubscription(
  { arm, monitor, progress }: Disconnecting,
  id: string,
  { role, hash, keepsEvents = false }: Known,
): Promise<boolean> {
  const scope = `/subscriptions/${id}`;
  const refusal = await refusalOf(arm, scope);
  if (refusal?.isSubscriptionGone) {
    progress.leave(`disconnect ${id}`, 'the subscription is gone, and with it all that was there');
    return true;
  }
  try {
    const failed = progress.failures.length;
    await progress.attempt(`disconnect ${id}`, async () => {
      const parts = keepsEvents ? [] : [`events ${await allowed(() => endEvents(arm, monitor, id, hash))}`];
      const guardrails = await allowed(() => removeGuardrails(arm, monitor, scope));
      const given = role ? await allowed(() => unassignRole(arm, scope, role.guid)) : 0;
      return [...parts, `${guardrails} guardrails and ${given} rights to read removed`].join(', ');
    });
    return progress.failures.length === failed;
  } catch (error) {
    if (!(error instanceof ReadOnly)) throw error;
    progress.leave(
      `disconnect ${id}`,
      `${error.message}: what is there stays until it is enabled or deleted`,
    );
    return false;
  }
}

/** Nothing can be changed there, whoever asks: no failure of ours, and none that a second run would mend. */
class ReadOnly extends Error {}

async function allowed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArmFailure && error.isReadOnly) throw new ReadOnly(error.message);
    throw error;
  }
}

async function refusalOf(arm: Arm, scope: string): Promise<ArmFailure | undefined> {
  try {
    await arm.get(scope);
    return undefined;
  } catch (error) {
    if (error instanceof ArmFailure) return error;
    throw error;
  }
}

async function disconnectGroup({ arm, monitor, progress }: Disconnecting, group: string): Promise<void> {
  const scope = toGroupScope(group);
  await progress.attempt(`disconnect the management group ${group}`, async () => {
    const had = await removeEventPolicy(arm, monitor, scope);
    const guardrails = await removeGuardrails(arm, monitor, scope);
    const name = toReaderName(monitor, 'group');
    for (const role of await findRoles(arm, scope, (roleName) => roleName === name)) {
      await unassignRole(arm, scope, role.guid);
      await deleteRole(arm, scope, role);
    }
    return `${had ? 'policy, ' : ''}${guardrails} guardrails and the right to read removed`;
  });
}

/** Takes scopes off the role once nothing there refers to it; without need of it, it goes itself. */
export async function shrinkReader(
  { arm, monitor, progress }: Disconnecting,
  role: CustomRole,
  { gone, isKept }: { gone: readonly string[]; isKept: boolean },
): Promise<void> {
  const home = `/subscriptions/${monitor.home}`;
  if (!isKept) {
    const isDeleted = await progress.attempt(`delete the role "${role.roleName}"`, () =>
      deleteRole(arm, home, role),
    );
    if (isDeleted === false) {
      progress.leave(
        `delete the role "${role.roleName}"`,
        'it is still assigned where nothing could be removed',
      );
    }
    return;
  }
  const rest = role.assignableScopes.filter(
    (scope) => scope !== home && !gone.includes(scope.slice('/subscriptions/'.length)),
  );
  if (rest.length + 1 >= new Set([home, ...role.assignableScopes]).size) return;
  await progress.attempt(`take what is not watched any more off the role`, () =>
    writeRole(arm, role.guid, role, [home, ...rest]),
  );
}
