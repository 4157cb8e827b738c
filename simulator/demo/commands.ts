import { Command, InvalidArgumentError } from 'commander';

/** How a monitor on this machine is started. */
export interface StartFlags {
  once?: true;
  live?: true;
  forget?: true;
  tenant?: string;
  port?: number;
  subscriptions?: number;
  registries?: number;
  seed?: number;
  latency?: number;
}

/** `acr-cmk demo`, which is `npm start` */
export const demoCommand = new Command('demo')
  .description('run the whole monitor on this machine, against a simulated tenant')
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
  .option('--live', 'the same as "acr-cmk live"')
  .option('--forget', 'with --live: start with empty tables')
  .option('--port <number>', 'port of the local functions host (7071)', toPort)
  .action((flags: StartFlags) => run(flags));

/** `acr-cmk live`, which is `npm start -- --live` */
export const liveCommand = new Command('live')
  .description(
    'run the whole monitor on this machine, on real Azure as whoever is signed in; it only reads there',
  )
  .option('--once', 'end after the first sweep')
  .option('--forget', 'start with empty tables: forget what earlier runs found')
  .option('--port <number>', 'port of the local functions host (7071)', toPort)
  .action((flags: StartFlags) => run({ ...flags, live: true }));

/** The simulator is loaded by those who use it alone. */
async function run(flags: StartFlags): Promise<void> {
  const { start } = await import('./start.ts');
  await start(flags);
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
