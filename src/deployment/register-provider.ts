import { setTimeout as delay } from 'node:timers/promises';
import type { Arm } from './arm.ts';
import { ArmFailure } from './arm-failure.ts';
import type { Wait } from './patiently.ts';

const most = 300_000;
const between = 5_000;

/** Registers a resource provider in a subscription, which Azure does by itself for deployments only. */
export async function registerProvider(
  arm: Arm,
  subscription: string,
  namespace: string,
  wait: Wait = delay,
): Promise<void> {
  const id = `${subscription}/providers/${namespace}`;
  if (arm.isDryRun || (await isRegistered(arm, id))) return;
  await arm.post(`${id}/register`);
  for (let waited = 0; !(await isRegistered(arm, id)); waited += between) {
    if (waited >= most) throw new ArmFailure(`${namespace} was not registered after five minutes`);
    await wait(between);
  }
}

async function isRegistered(arm: Arm, id: string): Promise<boolean> {
  return (await arm.get(id))?.registrationState === 'Registered';
}
