import { Argument, Command, InvalidArgumentError } from 'commander';
import { toTable } from '../src/cli/table.ts';
import { checkOut } from './bench/checkout.ts';
import { measureStart } from './bench/start.ts';
import { measureSweeps, sweeps } from './bench/sweeps.ts';

/** What a scenario costs: counts and sizes by name. */
type Costs = Record<string, number>;

/** Costs of several scenarios, by their names. */
type Result = Record<string, Costs>;

interface Flags {
  subscriptions: number;
  registries: number;
  latency: number;
  seed: number;
  runs: number;
  against?: string;
  json?: true;
}

const scenarios = [...sweeps, 'start'] as const;
/** Measured where nothing else is asked for. */
const usual = scenarios.filter((one) => one !== 'start');

await new Command('npm run bench --')
  .description(
    `Measures sweeps of a simulated tenant: the first one, one that finds nothing changed, the same without rules on keys,
and one after 1 % changed. "start" measures how the function app is loaded and its settings are read, beside an app that
holds nothing but @azure/functions. Calls, rows and bytes are exact; times are the least of all runs.`,
  )
  .addArgument(new Argument('[scenario...]', 'what to measure').choices(scenarios).default(usual))
  .option('--subscriptions <number>', 'subscriptions of the tenant', toCount, 50)
  .option(
    '--registries <number>',
    'registries of the tenant, each with a vault and key of its own',
    toCount,
    1000,
  )
  .option('--latency <milliseconds>', 'time before each answer of Azure', toCount, 20)
  .option('--seed <number>', 'the same seed gives the same tenant', toCount, 1)
  .option('--runs <number>', 'how often each is measured', toCount, 1)
  .option('--against <ref>', 'measure another commit in turns with this checkout, and show ratios')
  .option('--json', 'print JSON instead of a table')
  .action(run)
  .parseAsync();

async function run(
  asked: (typeof scenarios)[number][],
  { against, json, runs, ...tenant }: Flags,
): Promise<void> {
  const other = against === undefined ? undefined : await checkOut(against);
  const folders = [process.cwd(), ...(other ? [other.folder] : [])];
  const results: Result[][] = folders.map(() => []);
  try {
    for (let turn = 0; turn < runs; turn += 1) {
      for (const [index, folder] of folders.entries()) {
        console.error(
          `Run ${turn + 1} of ${runs}${other ? ` of ${index === 0 ? 'this checkout' : against}` : ''} …`,
        );
        const measured = await measureSweeps(folder, tenant, asked);
        const start = asked.includes('start') ? { start: await measureStart(folder) } : {};
        results[index]?.push({ ...measured, ...start });
      }
    }
  } finally {
    await other?.remove();
  }
  const [ours = {}, theirs] = results.map(toLeast);
  const result = {
    tenant,
    node: process.version,
    date: new Date().toISOString(),
    ours,
    ...(theirs ? { against, theirs } : {}),
  };
  console.log(json ? JSON.stringify(result, null, 2) : toText(ours, theirs));
}

/** The least of each cost: what disturbs a measurement only adds to it. */
function toLeast(results: readonly Result[]): Result {
  const [first = {}] = results;
  return Object.fromEntries(
    Object.entries(first).map(([scenario, costs]) => [
      scenario,
      Object.fromEntries(
        Object.keys(costs).map((name) => [
          name,
          Math.min(...results.map((one) => one[scenario]?.[name] ?? 0)),
        ]),
      ),
    ]),
  );
}

/** A table with a line each; beside another commit with the ratio to it, which is under 1 where this checkout costs less. */
function toText(ours: Result, theirs: Result | undefined): string {
  const rows = Object.entries(ours).flatMap(([scenario, costs]) => {
    const other = theirs?.[scenario] ?? {};
    const names = [...new Set([...Object.keys(costs), ...Object.keys(other)])];
    return names.map((name, index) => {
      const [here = 0, there = 0] = [costs[name], other[name]];
      const cells = [index === 0 ? scenario : '', name, toCell(here)];
      return theirs ? [...cells, toCell(there), there > 0 ? (here / there).toFixed(2) : '-'] : cells;
    });
  });
  return toTable(['SCENARIO', 'COST', 'HERE', ...(theirs ? ['THERE', 'RATIO'] : [])], rows);
}

function toCell(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

function toCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new InvalidArgumentError('It must be a whole number.');
}
