import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { readOnly } from '../deployment/arm.ts';
import { disconnect } from '../deployment/disconnect.ts';
import type { MonitorName } from '../deployment/monitor-place.ts';
import { type DeploymentFlags, openReach, tellProgress, toMonitor } from './deployment.ts';
import { exitCodes, UsageError } from './exit.ts';
import { note, print } from './output.ts';

interface DisconnectFlags extends DeploymentFlags {
  yes?: true;
  ifGone?: true;
}

/** `acr-cmk disconnect` */
export const disconnectCommand = new Command('disconnect')
  .description(
    'remove what a monitor has outside of its resource group: events, guardrails, policies, rights, roles',
  )
  .option('--subscription <id...>', 'look in these subscriptions too (SUBSCRIPTION_IDS)')
  .option('--management-group <id>', 'and at this group (MANAGEMENT_GROUP_ID)')
  .option('--monitor <id>', 'id of the resource group of the monitor (that of the azd environment)')
  .option('--if-gone', 'only where the resource group of the monitor is deleted')
  .option('--yes', 'do not ask')
  .option('--dry-run', 'change nothing, and say what would be done')
  .action(async (flags: DisconnectFlags) => {
    const monitor = toMonitor(flags);
    const { arm, scope } = openReach(flags);
    if (flags.ifGone && (await arm.get(monitor.groupId))) {
      print(`${monitor.groupId} is still there: nothing is removed.`);
      return;
    }
    if (!flags.yes && !flags.dryRun && !(await isMeant(monitor))) {
      note('Nothing is removed.');
      process.exitCode = exitCodes.wrongUse;
      return;
    }
    const hash = /^func-(\w+)$/.exec(process.env.FUNCTION_APP_NAME ?? '')?.[1];
    const isDone = await tellProgress((progress) =>
      disconnect({ arm: flags.dryRun ? readOnly(arm) : arm, monitor, progress }, { scope, hash }),
    );
    if (isDone && !flags.dryRun) print('The monitor is disconnected.');
  });

async function isMeant({ environment, groupId }: MonitorName): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Nobody is there to be asked: give --yes');
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await questions.question(
      `This blinds the monitor in ${groupId}: its events, rights, policies and guardrails go.\nIts environment's name, to go on: `,
    );
    return answer.trim() === environment;
  } finally {
    questions.close();
  }
}
