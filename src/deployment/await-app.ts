import { setTimeout as delay } from 'node:timers/promises';
import type { Arm } from './arm.ts';
import { ArmFailure } from './arm-failure.ts';
import type { MonitorPlace } from './monitor-place.ts';
import type { Wait } from './patiently.ts';

/** Longest time to wait, and the time between two looks, in milliseconds. */
const most = 600_000;
const between = 10_000;

/** Waits until the app has read its secrets from the vault: it keeps what it got, also a refusal, for a day. */
export async function awaitSecrets(arm: Arm, { appId }: MonitorPlace, wait: Wait = delay): Promise<string> {
  const path = `${appId}/config/configreferences/appsettings`;
  for (let waited = 0; ; waited += between) {
    const open = (await arm.list(path)).filter(({ properties }) => properties?.status !== 'Resolved');
    if (open.length === 0) return 'all are read';
    if (arm.isDryRun) return `${open.length} not read yet`;
    if (waited >= most) {
      const reasons = open.map(({ name, properties }) => `${name} is ${String(properties?.status)}`);
      throw new ArmFailure(
        `after ten minutes ${reasons.join(', ')}: look at the secret, at the vault's firewall and at the role of the app's identity`,
      );
    }
    await arm.post(`${path}/refresh`);
    await wait(between);
  }
}

/** Waits until the function is known that Event Grid is to call: it subscribes none that does not exist. */
export async function awaitFunction(
  arm: Arm,
  { functionId }: MonitorPlace,
  wait: Wait = delay,
): Promise<string> {
  for (let waited = 0; ; waited += between) {
    if (await arm.get(functionId)) return 'there';
    if (arm.isDryRun) return 'not there yet';
    if (waited >= most) {
      throw new ArmFailure(
        'the function resourceChanged was not there after ten minutes: is the code deployed, and what does /api/health say?',
      );
    }
    await wait(between);
  }
}
