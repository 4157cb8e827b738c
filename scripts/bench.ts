import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { build } from 'esbuild';
import { toTable } from '../src/cli/table.ts';
import { type BenchServices, type BenchTenant, type ServiceCounts, startServices } from './bench/services.ts';
import type { SweepCost } from './bench/sweeper.ts';

interface BenchFlags extends BenchTenant {
  json?: true;
}

/** One measured sweep. */
interface Measurement extends SweepCost, ServiceCounts {
  sweep: string;
}

/** Above this a first sweep is not run: Azurite looks through its whole table for every call. */
const maxFirstSweep = 2_000;

await new Command('npm run bench --')
  .description(
    'Measures sweeps of a simulated tenant: the first one, an unchanged one, and one after 1 % changed.',
  )
  .option('--subscriptions <number>', 'subscriptions of the tenant', toCount, 50)
  .option('--registries <number>', 'registries of the tenant, each on its own vault', toCount, 1000)
  .option('--latency <milliseconds>', 'time before each answer of Azure', toCount, 20)
  .option('--seed <number>', 'the same seed gives the same tenant', toCount, 1)
  .option('--json', 'print JSON instead of a table')
  .action(run)
  .parseAsync();

async function run({ json, ...tenant }: BenchFlags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'acr-cmk-bench-'));
  const services = await startServices(tenant);
  try {
    const sweeper = await bundleSweeper(folder);
    const measure = (name: string) => measureSweep(name, { services, sweeper, folder });
    const measurements: Measurement[] = [];
    if (tenant.registries <= maxFirstSweep) measurements.push(await measure('first'));
    else await prepare(services, measure);
    services.take();
    measurements.push(await measure('unchanged'));
    services.change(0.01);
    measurements.push(await measure('1 % changed'));
    const result = { tenant, node: process.version, date: new Date().toISOString(), measurements };
    console.log(json ? JSON.stringify(result, null, 2) : toText(tenant, measurements));
  } finally {
    await services.close();
    await rm(folder, { recursive: true });
  }
}

/** Fills the store, and lets a sweep that is not measured write down the subscriptions. */
async function prepare(
  services: BenchServices,
  measure: (name: string) => Promise<Measurement>,
): Promise<void> {
  await services.seed();
  await measure('not shown');
}

/** Bundled as in production, so that neither compiling nor services count. */
async function bundleSweeper(folder: string): Promise<string> {
  const outfile = join(folder, 'sweeper.mjs');
  const banner = {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  };
  await build({
    entryPoints: ['scripts/bench/sweeper.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner,
    logLevel: 'error',
  });
  return outfile;
}

async function measureSweep(
  sweep: string,
  { services, sweeper, folder }: { services: BenchServices; sweeper: string; folder: string },
): Promise<Measurement> {
  const certificate = join(folder, 'tenant.pem');
  await writeFile(certificate, services.certificate);
  const child = fork(sweeper, {
    env: { ...process.env, ...services.settings, NODE_EXTRA_CA_CERTS: certificate },
  });
  const cost = await new Promise<SweepCost>((resolve, reject) => {
    child.once('message', (message) => resolve(message as SweepCost));
    child.once('exit', (code) => reject(new Error(`The sweep ended with ${code} before it was measured`)));
  });
  return { sweep, ...cost, ...services.take() };
}

function toText(
  { subscriptions, registries, latency }: BenchTenant,
  measurements: readonly Measurement[],
): string {
  const rows = measurements.map(({ sweep, calls, table, ...cost }) => [
    sweep,
    Object.entries(calls)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', '),
    String(table.calls),
    `${table.rowsRead} / ${table.rowsWritten}`,
    `${toKilobytes(table.bytesRead)} / ${toKilobytes(table.bytesWritten)}`,
    `${cost.wallSeconds.toFixed(2)} s`,
    `${cost.cpuSeconds.toFixed(2)} s`,
    `${cost.peakMegabytes.toFixed(0)} MB`,
  ]);
  const headings = [
    'SWEEP',
    'CALLS TO AZURE',
    'TABLE CALLS',
    'ROWS READ/WRITTEN',
    'kB READ/WRITTEN',
    'WALL',
    'CPU',
    'PEAK',
  ];
  const title = `${subscriptions} subscriptions, ${registries} registries with a vault each, ${latency} ms latency`;
  return `${title}\n\n${toTable(headings, rows)}`;
}

function toKilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

function toCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new InvalidArgumentError('It must be a whole number.');
}
