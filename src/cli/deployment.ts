import { type MonitorName, nameMonitor } from '../deployment/monitor-place.ts';
import { createProgress, type Progress } from '../deployment/progress.ts';
import { type Reach, readReach } from '../deployment/reach.ts';
import { exitCodes, UsageError } from './exit.ts';
import { note, print } from './output.ts';

/** Flags of the commands that see to a deployment. */
export interface DeploymentFlags {
  subscription?: string[];
  managementGroup?: string;
  monitor?: string;
  dryRun?: true;
}

/** Reads where Azure is and what is watched: flags first, then the environment that azd hands over. */
export function openReach({ subscription, managementGroup }: DeploymentFlags): Reach {
  if (subscription && managementGroup)
    throw new UsageError('Give either --subscription or --management-group, not both');
  const isGiven = subscription || managementGroup;
  const scope = isGiven
    ? { SUBSCRIPTION_IDS: subscription?.join(',') ?? '', MANAGEMENT_GROUP_ID: managementGroup ?? '' }
    : {};
  return readReach({ ...process.env, ...scope });
}

/** Which monitor is meant: by its resource group, or by the environment of azd. */
export function toMonitor({ monitor }: DeploymentFlags, env: NodeJS.ProcessEnv = process.env): MonitorName {
  const parsed = /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([^/]{1,90})\/?$/i.exec(monitor ?? '');
  if (monitor && !parsed)
    throw new UsageError('--monitor takes the id of a resource group: /subscriptions/ID/resourceGroups/NAME');
  const subscription = parsed?.[1] ?? env.AZURE_SUBSCRIPTION_ID;
  const group =
    parsed?.[2] ?? (env.AZURE_RESOURCE_GROUP || (env.AZURE_ENV_NAME && `rg-${env.AZURE_ENV_NAME}`));
  if (!subscription || !group) {
    throw new UsageError(
      'Which monitor? Give --monitor /subscriptions/ID/resourceGroups/rg-NAME, or run it by azd, which sets AZURE_SUBSCRIPTION_ID and AZURE_ENV_NAME',
    );
  }
  return nameMonitor(subscription, group);
}

/** Tells progress on the screen, and in the end what was not done, with the exit code that says so. */
export async function tellProgress(work: (progress: Progress) => Promise<void>): Promise<boolean> {
  const progress = createProgress((line) => print(line));
  await work(progress);
  for (const { what, reason } of progress.left) note(`left: ${what}: ${reason}`);
  if (progress.failures.length === 0) return true;
  note(`\nNot done (${progress.failures.length}); what is done stays, run it again for the rest:`);
  for (const { what, reason } of progress.failures) note(`  ${what}\n    ${reason}`);
  process.exitCode = exitCodes.notAllRead;
  return false;
}

/** Whether a setting that azd keeps as text says yes. */
export function isYes(text: string | undefined): boolean {
  return /^(?:true|1|yes)$/i.test(text ?? '');
}
