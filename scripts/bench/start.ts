import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);

/** How often each file is loaded, in a process of its own; the least time counts. */
const loads = 7;

/** Prints what one piece of work took, in milliseconds of CPU. */
const stopwatch = (work: string) => `const start = process.cpuUsage();
${work}
const { user, system } = process.cpuUsage(start);
console.log((user + system) / 1000);`;

/** What the function app of a checkout costs until its functions are known, and the settings when they are first read. */
export async function measureStart(checkout: string): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'acr-cmk-bench-'));
  try {
    await run(process.execPath, ['scripts/build.ts'], { cwd: checkout });
    const { main } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
    const app = join(checkout, main);
    const empty = join(folder, 'empty.cjs');
    await build({
      stdin: {
        contents: "import { app } from '@azure/functions'; app.http('a', { handler: () => ({}) });",
        resolveDir: '.',
      },
      outfile: empty,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      minify: true,
      external: ['@azure/functions-core'],
    });
    const [appCpu, emptyCpu] = [await time(folder, app), await time(folder, empty)];
    return {
      'ms CPU to load the entry': appCpu,
      'ms CPU to load an empty app': emptyCpu,
      'entry to empty app': appCpu / emptyCpu,
      'kB entry': (await stat(app)).size / 1000,
      'ms CPU to read the settings first': await timeSettings(folder, checkout),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function time(folder: string, file: string): Promise<number> {
  return measure(join(folder, 'load.cjs'), stopwatch(`require(${JSON.stringify(file)});`));
}

function timeSettings(folder: string, checkout: string): Promise<number> {
  const file = ['src/settings/config.ts', 'src/config.ts']
    .map((path) => join(checkout, path))
    .find(existsSync);
  const program = `const { readConfig } = await import(${JSON.stringify(pathToFileURL(file ?? '').href)});
${stopwatch("readConfig({ FindingsStorage: 'UseDevelopmentStorage=true' });")}`;
  return measure(join(folder, 'settings.mjs'), program);
}

async function measure(file: string, program: string): Promise<number> {
  await writeFile(file, program);
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < loads; count += 1) {
    const { stdout } = await run(process.execPath, [file]);
    least = Math.min(least, Number(stdout.trim().split('\n').at(-1)));
  }
  return least;
}
