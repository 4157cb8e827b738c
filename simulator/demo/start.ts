import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { toCheckLine } from '../../src/cli/doctor.ts';
import { exitCodes } from '../../src/cli/exit.ts';
import { style } from '../../src/cli/table.ts';
import { ReadFailure } from '../../src/domain/estate/read-failure.ts';
import { ConfigError } from '../../src/settings/config-error.ts';
import { applySettings } from '../../src/settings/settings-file.ts';
import { type FunctionsHost, startFunctionsHost } from '../host/functions-host.ts';
import { startAzurite } from './azurite.ts';
import { showFirstSweep, showNewRegistry } from './scenario.ts';
import { type SimulatedSize, startSimulation } from './simulation.ts';
import { createTerminal } from './terminal.ts';

interface StartFlags {
  once?: true;
  live?: true;
  tenant?: string;
  port?: number;
  subscriptions?: number;
  registries?: number;
  seed?: number;
  latency?: number;
}

const program = new Command('npm start --')
  .description(
    'Runs the whole monitor on this machine: against a simulated tenant, or read-only against Azure.',
  )
  .option('--once', 'end after the demonstration')
  .option('--tenant <folder>', 'serve ARM bodies from a folder of JSON files instead of the made-up tenant')
  .option('--registries <number>', 'make up a tenant of so many registries instead', toCount)
  .option(
    '--subscriptions <number>',
    'spread them over so many subscriptions (a 20th of the registries)',
    toCount,
  )
  .option('--seed <number>', 'the same seed makes up the same tenant (1)', toCount)
  .option('--latency <milliseconds>', 'time before each answer of the simulated tenant (0)', toCount)
  .option('--live', 'read real Azure as whoever is signed in (az login); nothing is changed there')
  .option('--port <number>', 'port of the local functions host (7071)', toPort)
  .action(start)
  .exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

async function start(flags: StartFlags): Promise<void> {
  const sources = [
    flags.live && '--live',
    flags.tenant && '--tenant',
    toSize(flags) && '--registries',
  ].filter(Boolean);
  if (sources.length > 1) throw new CommanderError(2, 'usage', `${sources.join(' and ')} exclude each other`);
  try {
    applySettings();
  } catch (error) {
    throw new CommanderError(exitCodes.wrongUse, 'usage', (error as Error).message);
  }
  await (flags.live ? startLive(flags) : startSimulated(flags));
}

async function startSimulated(flags: StartFlags): Promise<void> {
  const { once, tenant: tenantFolder, port, latency } = flags;
  const terminal = createTerminal();
  const simulation = await startSimulation({ tenantFolder, size: toSize(flags), latency });
  const closers = [simulation.close];
  try {
    terminal.say(
      `Simulated tenant with ${simulation.registries} registries at ${simulation.tenant.armEndpoint}, findings kept in memory.`,
    );
    for (const { file, reason } of simulation.skipped)
      terminal.say(style('dim', `Skipped ${file}: ${reason}`));
    const host = await startHost(terminal.log, { once, port });
    closers.unshift(host.close);
    const registries = await showFirstSweep(host, terminal);
    await showNewRegistry(host, simulation, { registries, terminal });
    if (once) return;
    terminal.say(toNextSteps(host, `--settings ${simulation.settingsFile} `, registries[0]?.name));
    terminal.showAll();
    await untilInterrupted();
  } finally {
    for (const close of closers) await close();
  }
}

async function startLive({ once, port }: StartFlags): Promise<void> {
  const terminal = createTerminal();
  const azurite = process.env.FindingsStorage ? undefined : await startAzurite();
  const closers = azurite ? [azurite.close] : [];
  if (azurite) process.env.FindingsStorage = azurite.connectionString;
  try {
    const { createApp } = await import('../../src/app.ts');
    const { readConfig } = await import('../../src/settings/config.ts');
    const log = { info: terminal.say, warn: terminal.say };
    for await (const check of createApp(readConfig()).examine({ log, isAlertTested: false })) {
      terminal.say(toCheckLine(check));
    }
    terminal.say(
      `Azure is only read, nothing is changed there. Findings are kept ${azurite ? 'in memory, until this ends' : 'in the storage that FindingsStorage names'}.`,
    );
    const host = await startHost(terminal.log, { once, port });
    closers.unshift(host.close);
    await showFirstSweep(host, terminal);
    if (once) return;
    terminal.say(toNextSteps(host, ''));
    terminal.showAll();
    await untilInterrupted();
  } finally {
    for (const close of closers) await close();
  }
}

function startHost(
  log: Parameters<typeof startFunctionsHost>[0]['log'] & {},
  { once, port }: { once: true | undefined; port: number | undefined },
): Promise<FunctionsHost> {
  return startFunctionsHost({
    load: () => import('../../src/functions/index.ts'),
    port: port ?? (once ? 0 : 7071),
    timers: !once,
    log,
  });
}

function toNextSteps({ url, functionKey }: FunctionsHost, settings: string, registry = 'REGISTRY'): string {
  return [
    '',
    `The monitor keeps running at ${style('bold', url)} (Ctrl-C ends it). In another terminal:`,
    `  curl -H "x-functions-key: ${functionKey}" "${url}/api/findings?status=open&severity=critical"`,
    `  curl -H "x-functions-key: ${functionKey}" ${url}/api/health`,
    ...(settings
      ? [`  npm run cli -- ${settings}findings`, `  npm run cli -- ${settings}history ${registry}`]
      : []),
    '',
  ].join('\n');
}

/** Size of a made-up tenant, where one was asked for. */
function toSize({ registries, subscriptions, seed }: StartFlags): SimulatedSize | undefined {
  if (registries === undefined && subscriptions === undefined) return undefined;
  const count = registries ?? (subscriptions ?? 1) * 20;
  return {
    registries: count,
    subscriptions: subscriptions ?? Math.max(1, Math.ceil(count / 20)),
    seed: seed ?? 1,
  };
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function toPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}

function toCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new InvalidArgumentError('It must be a whole number.');
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.code === 'usage') console.error(`error: ${error.message}`);
    return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
  }
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof ReadFailure && error.isSignIn) {
    console.error(
      'Sign in by "az login", or set AZURE_TOKEN_CREDENTIALS and what it needs, and start again.',
    );
    return exitCodes.wrongUse;
  }
  return error instanceof ConfigError ? exitCodes.wrongUse : 1;
}
