import { Command, Option } from 'commander';
import { readOnly } from '../deployment/arm.ts';
import { connect } from '../deployment/connect.ts';
import type { GuardrailEffect } from '../deployment/guardrails.ts';
import { toParts } from '../settings/list.ts';
import { type DeploymentFlags, openReach, tellProgress, toMonitor } from './deployment.ts';
import { UsageError } from './exit.ts';
import { print } from './output.ts';

const effects = ['Off', 'Audit', 'Deny'] as const;

/** `acr-cmk connect` */
export const connectCommand = new Command('connect')
  .description(
    'give a deployed monitor its right to read, its events and its guardrails, and wait for what it needs',
  )
  .option('--subscription <id...>', 'watch these subscriptions (SUBSCRIPTION_IDS; the one of the monitor)')
  .option('--management-group <id>', 'watch all subscriptions below this group (MANAGEMENT_GROUP_ID)')
  .option('--monitor <id>', 'id of the resource group of the monitor (that of the azd environment)')
  .addOption(new Option('--guardrails <effect>', 'built-in policies (GUARDRAILS; Off)').choices(effects))
  .option('--dry-run', 'say what would be done, and change nothing')
  .addHelpText(
    'after',
    '\nOne subscription that refuses does not stop the others: what could not be done is named at the end (exit code 3), and the next run does it.\nWhat was watched before by a list and is not any more is disconnected.',
  )
  .action(async (flags: DeploymentFlags & { guardrails?: GuardrailEffect }) => {
    const monitor = toMonitor(flags);
    const { arm, scope } = openReach(flags);
    const guardrails = flags.guardrails ?? toEffect(process.env.GUARDRAILS);
    if (flags.dryRun) print('A dry run: nothing is changed.');
    const isDone = await tellProgress((progress) =>
      connect({
        arm: flags.dryRun ? readOnly(arm) : arm,
        monitor,
        scope,
        guardrails,
        guardrailExemptions: toParts(process.env.GUARDRAIL_EXEMPTIONS),
        additionalActions: toParts(process.env.ADDITIONAL_READ_ACTIONS),
        progress,
      }),
    );
    if (isDone) print(flags.dryRun ? 'Nothing was changed.' : 'The monitor is connected.');
  });

function toEffect(text = 'Off'): GuardrailEffect {
  const effect = effects.find((one) => one.toLowerCase() === (text || 'Off').toLowerCase());
  if (!effect) throw new UsageError('GUARDRAILS must be Off, Audit or Deny');
  return effect;
}
