import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { findBicep, howToGetBicep, runBicep } from './infra/bicep.ts';
import { compiledTemplates, listScenarios, listSources, withoutGenerator } from './infra/templates.ts';

// `npm run check:infra` compares; `npm run check:infra -- --write` writes anew what is formatted, compiled and evaluated.

const isWriting = process.argv.includes('--write');
const faults: string[] = [];
const written: string[] = [];
const cli = findBicep();
if (cli) await check(cli);
else faults.push(howToGetBicep);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

/** Makes all anew in a copy of the repository's infra/, and compares. */
async function check(bicep: string): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'acr-cmk-infra-'));
  try {
    await cp('infra', join(copy, 'infra'), { recursive: true });
    // Strict here only: who deploys a released version later must not meet what Bicep has learnt since.
    await cp('scripts/infra/bicepconfig.json', join(copy, 'infra/bicepconfig.json'));
    makeAnew(bicep, copy);
    if (faults.length > 0) return;
    const sources = listSources();
    const scenarios = listScenarios();
    for (const file of sources) await compare(copy, file, 'is not formatted as Bicep does');
    for (const { compiled, source } of compiledTemplates) {
      await compare(copy, compiled, `is not what ${source} compiles to`);
    }
    for (const { snapshot, parameters } of scenarios) {
      await compare(copy, snapshot, `is not what ${parameters} deploys; review what changed`);
    }
    formatJson(written.filter((file) => file.endsWith('.json')));
    if (faults.length > 0) return;
    console.log(
      `${sources.length} Bicep files, ${compiledTemplates.length} compiled templates and ${scenarios.length} snapshots are as they should be`,
    );
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** One process for all files where Bicep allows it: each takes seconds to start. */
function makeAnew(bicep: string, copy: string): void {
  run(bicep, ['format', '--pattern', '**/*.{bicep,bicepparam}'], copy);
  for (const { source, compiled } of compiledTemplates) {
    run(bicep, ['build', source, '--outfile', compiled], copy);
  }
  run(bicep, ['lint', '--pattern', '**/*.bicep'], copy);
  for (const { parameters, place } of listScenarios()) {
    run(bicep, ['snapshot', parameters, '--mode', 'overwrite', ...place], copy);
  }
}

function run(bicep: string, args: readonly string[], folder: string): void {
  const { ok, output } = runBicep(bicep, args, folder);
  if (!ok) faults.push(`bicep ${args.slice(0, 3).join(' ')} failed:\n${output}`);
  else if (/: (Warning|Error) /.test(output)) faults.push(output);
}

async function compare(copy: string, file: string, fault: string): Promise<void> {
  const anew = await readFile(join(copy, file), 'utf8');
  if (isSame(await readFile(file, 'utf8').catch(() => ''), anew, file.endsWith('.json'))) return;
  if (isWriting) {
    await cp(join(copy, file), file);
    written.push(file);
  } else faults.push(`${file} ${fault}: run "npm run check:infra -- --write"`);
}

function isSame(kept: string, anew: string, isJson: boolean): boolean {
  if (kept === anew) return true;
  if (!isJson || kept === '') return false;
  return isDeepStrictEqual(withoutGenerator(JSON.parse(kept)), withoutGenerator(JSON.parse(anew)));
}

/** As all JSON of the repository is formatted. */
function formatJson(files: readonly string[]): void {
  if (files.length === 0) return;
  const args = ['node_modules/@biomejs/biome/bin/biome', 'format', '--write', ...files];
  spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
