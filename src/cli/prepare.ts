import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import { ArmFailure } from '../deployment/arm-failure.ts';
import { awaitRoles } from '../deployment/await-roles.ts';
import { findMonitor } from '../deployment/monitor-place.ts';
import { prepare } from '../deployment/prepare.ts';
import { isYes, openReach, tellProgress, toMonitor } from './deployment.ts';
import { note } from './output.ts';

/** `acr-cmk prepare` */
export const prepareCommand = new Command('prepare')
  .description('see before azd deploys that it can work; after provisioning: wait for what the code needs')
  .option('--provisioned', 'the infrastructure is there: wait until its identity may take the code')
  .action(async ({ provisioned }: { provisioned?: true }) => {
    const monitor = toMonitor({});
    const { arm } = openReach({});
    await tellProgress(async (progress) => {
      if (provisioned) {
        await progress.attempt('wait for the roles of the identity', async () =>
          awaitRoles(arm, await findMonitor(arm, monitor)),
        );
        return;
      }
      const { ALERT_WEBHOOK_URL, ALERT_WEBHOOK_SECRET, PRIVATE_NETWORK, ALLOWED_ADDRESSES } = process.env;
      await prepare({
        arm,
        monitor,
        progress,
        hasWebhook: Boolean(ALERT_WEBHOOK_URL),
        hasSecret: Boolean(ALERT_WEBHOOK_SECRET),
        isPrivate: isYes(PRIVATE_NETWORK),
        keep,
      });
      if (isYes(PRIVATE_NETWORK) && !ALLOWED_ADDRESSES) {
        note(
          'Private networking without ALLOWED_ADDRESSES: the code can only be deployed from inside the virtual network.',
        );
      }
    });
  });

const cli = 'azd';

/** Keeps a value in the environment of azd. */
async function keep(name: string, value: string): Promise<void> {
  const azd = spawn(cli, ['env', 'set', name, value], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(azd, 'close').catch((cause: unknown) => {
    throw new ArmFailure('azd could not be run', { cause });
  });
  if (code !== 0) throw new ArmFailure(`azd env set ${name} ended with ${code}`);
}
