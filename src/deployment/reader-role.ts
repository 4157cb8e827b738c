import listed from '../../infra/read-actions.json' with { type: 'json' };
import unlisted from '../../infra/unlisted-actions.json' with { type: 'json' };
import type { Arm } from './arm.ts';
import { ArmFailure } from './arm-failure.ts';
import { assignRole, type CustomRole, findRoles, type WantedRole, writeRole } from './custom-role.ts';
import { type MonitorName, type MonitorPlace, toSignature } from './monitor-place.ts';
import type { Wait } from './patiently.ts';
import type { Progress } from './progress.ts';
import { stableGuid } from './stable-guid.ts';

/** What a scope of the role is, told from its name: the role on single subscriptions, or on a management group. */
export type ReaderKind = 'subscriptions' | 'group';

/** The role's name in the tenant, where no two roles may share one. */
export function toReaderName(monitor: MonitorName, kind: ReaderKind): string {
  return `ACR CMK monitor reader (${toSignature(monitor)}${kind === 'group' ? ', group' : ''})`;
}

/** Finds the role that reads single subscriptions, as an earlier deployment left it. */
export async function findReader(arm: Arm, monitor: MonitorName): Promise<CustomRole | undefined> {
  const wanted = toReaderName(monitor, 'subscriptions').toLowerCase();
  const [role] = await findRoles(
    arm,
    `/subscriptions/${monitor.home}`,
    (name) => name.toLowerCase() === wanted,
  );
  return role;
}

/** What the reader's role is to be. */
function toReader(monitor: MonitorName, kind: ReaderKind, more: readonly string[]): WantedRole {
  const actions = [
    ...listed.sweep,
    ...listed.doctor,
    ...(kind === 'group' ? listed.managementGroup : []),
    ...more,
  ];
  return {
    roleName: toReaderName(monitor, kind),
    description:
      "Reads registries, key holders, keys' properties and access, but no image, no key material and no secret.",
    actions: [...new Set(actions)].filter((action) => !(unlisted as string[]).includes(action)),
  };
}

/** What the monitor is given to read. */
interface Grant {
  arm: Arm;
  monitor: MonitorPlace;
  progress: Progress;
  /** Read actions beside those of the list. */
  additionalActions: readonly string[];
  wait?: Wait | undefined;
}

/** Lets the monitor read single subscriptions, each for itself: one that refuses does not stop the others. */
export async function grantSubscriptions(grant: Grant, subscriptions: readonly string[]): Promise<void> {
  const { arm, monitor, progress, additionalActions, wait } = grant;
  const wanted = toReader(monitor, 'subscriptions', additionalActions);
  const there = await findReader(arm, monitor);
  const guid = there?.guid ?? stableGuid(monitor.home, monitor.environment, 'reader');
  const home = `/subscriptions/${monitor.home}`;
  const scopes = new Set([home, ...(there?.assignableScopes ?? [])]);
  const added = subscriptions.map((id) => `/subscriptions/${id}`).filter((scope) => !scopes.has(scope));
  const write = (more: readonly string[]) => writeRole(arm, guid, wanted, [...scopes, ...more]);
  const isWhole = await write(added).then(
    (done) => progress.attempt(`write the role "${wanted.roleName}"`, async () => done),
    (error: unknown) => {
      if (!(error instanceof ArmFailure) || added.length === 0) throw error;
    },
  );
  if (isWhole) for (const scope of added) scopes.add(scope);
  else {
    // One scope that is refused is enough for all to be: it is found by taking them one by one.
    await progress.attempt(`write the role "${wanted.roleName}"`, () => write([]));
    for (const scope of added) {
      const done = await progress.attempt(`let the role be assigned in ${scope}`, () => write([scope]));
      if (done) scopes.add(scope);
    }
  }
  for (const id of subscriptions) {
    const scope = `/subscriptions/${id}`;
    if (!scopes.has(scope)) continue;
    const given = { scope, guid, principalId: monitor.readerPrincipalId, isOnly: true };
    await progress.attempt(`let the monitor read ${id}`, () => assignRole(arm, given, wait));
  }
}

/** Lets the monitor read a management group, and so all below it. */
export async function grantGroup(grant: Grant, group: string): Promise<void> {
  const { arm, monitor, progress, additionalActions, wait } = grant;
  const scope = `/providers/Microsoft.Management/managementGroups/${group}`;
  const wanted = toReader(monitor, 'group', additionalActions);
  await progress.attempt(`let the monitor read the management group ${group}`, async () => {
    const [there] = await findRoles(arm, scope, (name) => name === wanted.roleName);
    const guid = there?.guid ?? stableGuid(scope, monitor.home, monitor.environment, 'reader');
    const written = await writeRole(arm, guid, wanted, [scope]);
    const given = { scope, guid, principalId: monitor.readerPrincipalId, isOnly: true };
    const assigned = await assignRole(arm, given, wait);
    return written === 'unchanged' ? assigned : written;
  });
}
