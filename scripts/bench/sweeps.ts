import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { catalog } from '../../src/rules/catalog.ts';
import { type BenchServices, type BenchTenant, startServices } from './services.ts';
import type { SweepCost } from './sweeper.ts';

/** Sweeps that can be measured, in the order in which they are run. */
export const sweeps = ['first', 'unchanged', 'changed', 'unchanged without key rules'] as const;

/** Above this a first sweep is not run: Azurite looks through its whole table for every call. */
const maxFirstSweep = 2_000;

/** Rules for which keys or roles are read. */
const keyRules = catalog
  .filter(({ reads }) => reads.some((part) => ['key', 'keyRoles'].includes(part)))
  .map(({ id }) => id);

/** Runs sweeps by the code of a checkout, and tells what those that are asked for cost. */
export async function measureSweeps(
  checkout: string,
  tenant: BenchTenant,
  asked: readonly string[],
): Promise<Record<string, Record<string, number>>> {
  const wanted = sweeps.filter((sweep) => asked.includes(sweep));
  if (wanted.length === 0) return {};
  const folder = await mkdtemp(join(tmpdir(), 'acr-cmk-bench-'));
  const services = await startServices(tenant);
  try {
    const sweeper = await bundleSweeper(checkout, folder);
    const sweep = (settings: Record<string, string> = {}) => measure({ services, sweeper, folder }, settings);
    const costs: Record<string, Record<string, number>> = {};
    if (tenant.registries <= maxFirstSweep) {
      costs.first = await sweep();
    } else {
      // One that is not measured writes down the subscriptions.
      await services.seed();
      await sweep();
    }
    if (wanted.includes('unchanged')) costs.unchanged = await sweep();
    if (wanted.includes('changed')) {
      services.change(0.01);
      costs.changed = await sweep();
    }
    const last = 'unchanged without key rules';
    if (wanted.includes(last)) {
      const without = { RULES_DISABLED: keyRules.join(',') };
      await sweep(without);
      costs[last] = await sweep(without);
    }
    return Object.fromEntries(wanted.flatMap((name) => (costs[name] ? [[name, costs[name]]] : [])));
  } finally {
    await services.close();
    await rm(folder, { recursive: true });
  }
}

/** Bundled as in production, so that neither compiling nor services count. */
async function bundleSweeper(checkout: string, folder: string): Promise<string> {
  const outfile = join(folder, 'sweeper.mjs');
  const banner = {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  };
  await build({
    entryPoints: [join(checkout, 'scripts/bench/sweeper.ts')],
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

async function measure(
  { services, sweeper, folder }: { services: BenchServices; sweeper: string; folder: string },
  settings: Record<string, string>,
): Promise<Record<string, number>> {
  const certificate = join(folder, 'tenant.pem');
  await writeFile(certificate, services.certificate);
  services.take();
  const child = fork(sweeper, {
    env: { ...process.env, ...services.settings, ...settings, NODE_EXTRA_CA_CERTS: certificate },
  });
  const cost = await new Promise<SweepCost>((resolve, reject) => {
    child.once('message', (message) => resolve(message as SweepCost));
    child.once('exit', (code) => reject(new Error(`The sweep ended with ${code} before it was measured`)));
  });
  if (cost.outcome !== 'complete') throw new Error(`The sweep was ${cost.outcome}, so it measures nothing`);
  const { calls, table } = services.take();
  const total = Object.values(calls).reduce((sum, count) => sum + count, 0);
  return {
    'calls to Azure': total,
    ...Object.fromEntries(Object.entries(calls).map(([kind, count]) => [`- ${kind}`, count])),
    'table calls': table.calls,
    'rows read': table.rowsRead,
    'rows written': table.rowsWritten,
    'kB read': Math.round(table.bytesRead / 1000),
    'kB written': Math.round(table.bytesWritten / 1000),
    's wall': cost.wallSeconds,
    's CPU, with the start': cost.cpuSeconds,
    'MB peak': Math.round(cost.peakMegabytes),
  };
}
