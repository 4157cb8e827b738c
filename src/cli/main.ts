import { Command, CommanderError } from 'commander';
import { ReadFailure } from '../domain/estate/read-failure.ts';
import { InvalidCursor } from '../monitor/ports/ports.ts';
import { ConfigError } from '../settings/config-error.ts';
import { applySettings } from '../settings/settings-file.ts';
import { assessCommand } from './assess.ts';
import { blastRadiusCommand } from './blast-radius.ts';
import { connectCommand } from './connect.ts';
import { coverageCommand, forgetCommand } from './coverage.ts';
import { custodyCommand } from './custody.ts';
import { disconnectCommand } from './disconnect.ts';
import { doctorCommand } from './doctor.ts';
import { exitCodes, UsageError } from './exit.ts';
import { findingsCommand } from './findings.ts';
import { fixCommand } from './fix.ts';
import { historyCommand } from './history.ts';
import { prepareCommand } from './prepare.ts';
import { rulesCommand } from './rules.ts';
import { sweepCommand } from './sweep.ts';

const program = new Command('acr-cmk')
  .description(
    'Watches every Azure container registry of a tenant for customer-managed keys that can be trusted.',
  )
  .option(
    '--settings <file>',
    'take settings from this file instead of local.settings.json; the environment wins',
  )
  .hook('preAction', (command) => takeSettings(command.opts().settings))
  .addHelpText(
    'after',
    '\nExit codes: 0 done; 1 open findings (--fail-on); 2 wrong usage, configuration or sign-in; 3 something could not be read',
  )
  .exitOverride();

for (const command of [
  sweepCommand,
  assessCommand,
  findingsCommand,
  historyCommand,
  fixCommand,
  custodyCommand,
  blastRadiusCommand,
  coverageCommand,
  forgetCommand,
  rulesCommand,
  doctorCommand,
  prepareCommand,
  connectCommand,
  disconnectCommand,
]) {
  program.addCommand(command.exitOverride());
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** A settings file that can't be used is a fault of the configuration. */
function takeSettings(path: string | undefined): void {
  try {
    applySettings(path);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Says what went wrong in one place, and answers the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
  const message = error instanceof Error ? error.message : String(error);
  console.error(`error: ${message}`);
  if (error instanceof ReadFailure && !error.isSignIn) return exitCodes.notAllRead;
  if (error instanceof ReadFailure)
    console.error('Sign in first, e.g. by "az login", or see AZURE_TOKEN_CREDENTIALS.');
  const isWrongUse =
    error instanceof UsageError || error instanceof ConfigError || error instanceof InvalidCursor;
  return isWrongUse || error instanceof ReadFailure ? exitCodes.wrongUse : exitCodes.notAllRead;
}
