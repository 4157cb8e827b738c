import { setTimeout as delay } from 'node:timers/promises';
import type { Arm } from './arm.ts';
import type { MonitorPlace } from './monitor-place.ts';
import type { Wait } from './patiently.ts';

/** Time that a role assignment may take to work everywhere, in milliseconds. */
const settled = 180_000;

/**
 * Waits until the app's identity may write to the container that the code is deployed to: a role that was given seconds
 * ago makes the upload fail with InaccessibleStorageException, and accounts without shared keys know no other way.
 */
export async function awaitRoles(
  arm: Arm,
  { groupId, hash, readerPrincipalId }: MonitorPlace,
  { wait = delay, now = Date.now }: { wait?: Wait; now?: () => number } = {},
): Promise<string> {
  const account = `${groupId}/providers/Microsoft.Storage/storageAccounts/st${hash}`;
  const given = await arm.list(`${account}/providers/Microsoft.Authorization/roleAssignments`, 'atScope()');
  const ages = given
    .filter(({ properties }) => properties?.principalId === readerPrincipalId)
    .map(({ properties }) => now() - Date.parse(String(properties?.createdOn)));
  const rest = settled - Math.min(settled, ...ages.filter(Number.isFinite));
  if (rest <= 0) return 'they are known everywhere';
  await wait(rest);
  return `waited ${Math.ceil(rest / 1000)} s`;
}
