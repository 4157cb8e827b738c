import { toCheckLine, toTotal } from '../../src/cli/doctor.ts';
import { UsageError } from '../../src/cli/exit.ts';
import { invocation } from '../../src/cli/invocation.ts';
import { announceMonitor, findLocalMonitors } from '../../src/cli/local-monitor.ts';
import { style } from '../../src/cli/output.ts';
import type { Check } from '../../src/monitor/doctor/check.ts';
import { applySettings } from '../../src/settings/settings-file.ts';
import { type FunctionsHost, startFunctionsHost } from '../host/functions-host.ts';
import type { StartFlags } from './commands.ts';
import { prepareLive } from './live-store.ts';
import { type FirstSweep, showFirstSweep, showNewRegistry } from './scenario.ts';
import { type SimulatedSize, startSimulation } from './simulation.ts';
import { createTerminal, type Terminal } from './terminal.ts';

/** Runs the monitor on this machine, until it is interrupted or, if so asked, to the end of its demonstration. */
export async function start(flags: StartFlags): Promise<void> {
  const sources = [
    flags.live && '--live',
    flags.tenant && '--tenant',
    toSize(flags) && '--registries',
  ].filter(Boolean);
  if (sources.length > 1) throw new UsageError(`${sources.join(' and ')} exclude each other`);
  if (flags.forget && !flags.live)
    throw new UsageError('--forget goes with --live: a simulated tenant is kept in memory');
  try {
    applySettings();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  await (flags.live ? startLive(flags) : startSimulated(flags));
}

/** What is closed at the end, the last one first. */
type Closers = (() => Promise<unknown>)[];

async function startSimulated(flags: StartFlags): Promise<void> {
  const { once, tenant: tenantFolder, latency } = flags;
  const terminal = createTerminal();
  await untilDone(terminal, 'Ended. Nothing is kept.', async ({ closers, interrupted }) => {
    const simulation = await startSimulation({ tenantFolder, size: toSize(flags), latency });
    closers.push(simulation.close);
    const host = await startHost(terminal, flags, closers);
    terminal.say(
      `Simulated tenant with ${simulation.registries} registries at ${simulation.tenant.armEndpoint}, findings kept in memory.`,
    );
    sayWhatWasSkipped(terminal, simulation.skipped);
    if (!once) announce(simulation.folder, host, { command: 'acr-cmk demo', settings: simulation.settings });
    const standing = await showFirstSweep(terminal, host);
    await showNewRegistry(host, simulation, { subscriptionId: standing.subscriptionId, terminal });
    if (once) return;
    terminal.say(toNextSteps(host, standing));
    terminal.showAll();
    await interrupted;
  });
}

async function startLive(flags: StartFlags): Promise<void> {
  const terminal = createTerminal();
  const store = prepareLive(flags.forget ?? false);
  await untilDone(
    terminal,
    `Ended. What was found is kept in ${store.place}.`,
    async ({ closers, interrupted }) => {
      closers.push(await store.open());
      const { createApp } = await import('../../src/app.ts');
      const { readConfig } = await import('../../src/settings/config.ts');
      const log = { info: terminal.say, warn: terminal.say };
      const checks: Check[] = [];
      for await (const check of createApp(readConfig()).examine({ log, isAlertTested: false })) {
        checks.push(check);
        terminal.say(toCheckLine(check));
      }
      terminal.say(toTotal(checks));
      terminal.say(`Azure is only read, nothing is changed there. Findings are kept in ${store.place}.`);
      const host = await startHost(terminal, flags, closers);
      if (!flags.once) announce(store.folder, host, { command: 'acr-cmk live', settings: store.settings });
      const standing = await showFirstSweep(terminal, host);
      if (flags.once) return;
      terminal.say(toNextSteps(host, standing));
      terminal.showAll();
      await interrupted;
    },
  );
}

interface Running {
  closers: Closers;
  interrupted: Promise<void>;
}

/** Runs, and then closes what was started, also when the next thing did not start or somebody interrupts meanwhile. */
async function untilDone(
  terminal: Terminal,
  ended: string,
  run: (running: Running) => Promise<void>,
): Promise<void> {
  const closers: Closers = [];
  let isInterrupted = false;
  const interrupted = untilInterrupted().then(() => {
    isInterrupted = true;
  });
  try {
    await Promise.race([run({ closers, interrupted }), interrupted]);
  } finally {
    for (const close of closers.reverse()) await close();
  }
  if (!isInterrupted) return;
  terminal.say(ended);
  // What was starting meanwhile would keep the process alive.
  process.exit();
}

async function startHost(
  { log }: Terminal,
  { once, port }: StartFlags,
  closers: Closers,
): Promise<FunctionsHost> {
  try {
    const host = await startFunctionsHost({
      load: () => import('../../src/functions/index.ts'),
      port: port ?? (once ? 0 : 7071),
      timers: !once,
      log,
    });
    closers.push(host.close);
    return host;
  } catch (cause) {
    if ((cause as { cause?: NodeJS.ErrnoException }).cause?.code !== 'EADDRINUSE') throw cause;
    const [other] = findLocalMonitors();
    const whom = other ? `, perhaps by "${other.command}" (process ${other.process})` : '';
    throw new UsageError(`Port ${port ?? 7071} is taken${whom}: end that one, or give another by --port`, {
      cause,
    });
  }
}

/** Writes down for the command line how to reach this monitor. */
function announce(
  folder: string,
  { url, functionKey }: FunctionsHost,
  { command, settings }: { command: string; settings: Record<string, string> },
): void {
  const startedAt = new Date().toISOString();
  announceMonitor(folder, { process: process.pid, command, startedAt, url, functionKey, settings });
}

function sayWhatWasSkipped(terminal: Terminal, skipped: readonly { file: string; reason: string }[]): void {
  for (const { file, reason } of skipped) terminal.say(style('dim', `Skipped ${file}: ${reason}`));
}

/** What to ask next, of a registry that has something to show. */
function toNextSteps(
  { url, functionKey }: FunctionsHost,
  { worst = 'REGISTRY', withKey = worst }: FirstSweep,
): string {
  const commands = [
    ['findings', 'what is wrong, worst first'],
    [`fix ${worst}`, 'how to mend it'],
    [`custody ${withKey}`, 'who can decrypt its images'],
    [`history ${worst}`, 'what changed on it'],
    ['coverage', 'what could not be read'],
    ['doctor', 'how the monitor is set up'],
  ];
  return [
    '',
    `The monitor keeps running at ${style('bold', url)} (Ctrl-C ends it).`,
    'In another terminal, in this folder:',
    ...commands.map(
      ([command = '', what = '']) => `  ${`${invocation} ${command}`.padEnd(42)}  ${style('dim', what)}`,
    ),
    '',
    'Or by its API:',
    `  curl -H "x-functions-key: ${functionKey}" ${url}/api/health`,
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
