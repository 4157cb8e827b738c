import { randomBytes } from 'node:crypto';
import type { Arm } from './arm.ts';
import { ArmFailure } from './arm-failure.ts';
import type { MonitorName } from './monitor-place.ts';
import type { Progress } from './progress.ts';
import { registerProvider } from './register-provider.ts';

/** What is looked at before a deployment. */
interface PrepareOptions {
  arm: Arm;
  monitor: MonitorName;
  progress: Progress;
  hasWebhook: boolean;
  hasSecret: boolean;
  isPrivate: boolean;
  /** Keeps a value for the deployment. */
  keep(name: string, value: string): Promise<void>;
}

/** Sees before a deployment that it can work: sign-in, name, signing secret, provider, a vault that has to come back. */
export async function prepare(options: PrepareOptions): Promise<void> {
  const { arm, monitor, progress, keep } = options;
  await progress.attempt('use a name that Azure takes', async () => {
    if (monitor.environment.length > 32 || monitor.environment.endsWith('.')) {
      throw new ArmFailure('an environment has at most 32 characters and no dot at its end');
    }
  });
  const home = `/subscriptions/${monitor.home}`;
  const isSeen = await progress.attempt(`see the subscription ${monitor.home}`, async () => {
    if (!(await arm.get(home))) throw new ArmFailure('it does not exist, or you have no part in it');
    return 'signed in';
  });
  if (!isSeen) return;
  if (options.hasWebhook && !options.hasSecret) {
    await progress.attempt('make a secret to sign alerts with', () =>
      keep('ALERT_WEBHOOK_SECRET', `whsec_${randomBytes(32).toString('base64')}`),
    );
  }
  if (options.isPrivate) {
    await progress.attempt('register Microsoft.App, which networks of function apps need', () =>
      registerProvider(arm, home, 'Microsoft.App'),
    );
  }
  await progress.attempt('look for a vault of an earlier deployment', async () => {
    const deleted = await arm.list(`${home}/providers/Microsoft.KeyVault/deletedVaults`);
    const ours = `${monitor.groupId}/`.toLowerCase();
    const isThere = deleted.some(({ properties }) =>
      String(properties?.vaultId).toLowerCase().startsWith(ours),
    );
    await keep('RECOVER_VAULT', String(isThere));
    return isThere ? 'it is brought back' : 'there is none';
  });
}
