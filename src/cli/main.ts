import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { assessCommand } from './assess.ts';
import { blastRadiusCommand } from './blast-radius.ts';
import { connectCommand } from './connect.ts';
import { coverageCommand, forgetCommand } from './coverage.ts';
import { custodyCommand } from './custody.ts';
import { disconnectCommand } from './disconnect.ts';
import { doctorCommand } from './doctor.ts';
import { findingsCommand } from './findings.ts';
import { fixCommand } from './fix.ts';
import { historyCommand } from './history.ts';
import { toShown } from './output.ts';
import { prepareCommand } from './prepare.ts';
import { reportError } from './report-error.ts';
import { rulesCommand } from './rules.ts';
import { sweepCommand } from './sweep.ts';

const commands = [
  findingsCommand,
  assessCommand,
  fixCommand,
  custodyCommand,
  blastRadiusCommand,
  historyCommand,
  coverageCommand,
  sweepCommand,
  forgetCommand,
  rulesCommand,
  doctorCommand,
];

/** These see to a monitor in Azure: one that runs on this machine is none of theirs. */
const deploymentCommands = [prepareCommand, connectCommand, disconnectCommand];

/** Runs the command that this process was started with, one of those given beside its own, and answers the exit code. */
export async function runCommandLine(others: readonly Command[]): Promise<number> {
  const program = createProgram();
  // A command that makes settings of its own takes them itself.
  for (const command of others) add(program, command);
  for (const command of commands) {
    add(
      program,
      command.hook('preAction', () => takeSettings(program, true)),
    );
  }
  for (const command of deploymentCommands) {
    add(
      program,
      command.hook('preAction', () => takeSettings(program, false)),
    );
  }
  try {
    await program.parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportError(error);
  }
}

function createProgram(): Command {
  return new Command('acr-cmk')
    .description(
      'Watches every Azure container registry of a tenant for customer-managed keys that can be trusted.',
    )
    .option(
      '--settings <file>',
      'take settings from this file instead of local.settings.json; the environment wins',
    )
    .version(readVersion(), '-V, --version', 'print the version')
    .addHelpText(
      'after',
      `
Start with:
  acr-cmk demo                 the whole monitor on this machine, with a simulated tenant
  acr-cmk live                 the same on your own Azure, which it only reads (az login first)
  acr-cmk findings             what is wrong, worst first

Exit codes: 0 done; 1 open findings (--fail-on); 2 wrong usage, configuration or sign-in; 3 something is not known or could not be read`,
    )
    .exitOverride()
    .configureOutput(output);
}

function add(program: Command, command: Command): void {
  program.addCommand(command.exitOverride().configureOutput(output));
}

/** What was typed is quoted in messages: it must not drive the terminal either. */
const output = {
  writeOut: (text: string) => process.stdout.write(toShown(text)),
  writeErr: (text: string) => process.stderr.write(toShown(text)),
};

async function takeSettings(program: Command, asksMonitor: boolean): Promise<void> {
  const { takeSettings: take, useLocalMonitor } = await import('./take-settings.ts');
  take(program.opts().settings);
  if (asksMonitor) useLocalMonitor();
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return version;
}
