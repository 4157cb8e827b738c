import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** How to get one, for whoever has none. */
export const howToGetBicep =
  'No Bicep command line: set BICEP_CLI to one, put `bicep` on the PATH, or run `az bicep install`.\n' +
  'It is also in the NuGet package Azure.Bicep.CommandLine.linux-x64, under tools/ (chmod +x).';

/** Finds `BICEP_CLI`, `bicep` on the PATH or what `az bicep` installed, in this order; undefined when there is none. */
export function findBicep(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.BICEP_CLI) return isThere(env.BICEP_CLI, env) ? env.BICEP_CLI : undefined;
  const ofAz = join(env.AZURE_CONFIG_DIR ?? join(homedir(), '.azure'), 'bin', 'bicep');
  return ['bicep', ofAz].find((cli) => isThere(cli, env));
}

/** Runs Bicep in a folder; what it says is warnings and errors. */
export function runBicep(cli: string, args: readonly string[], cwd: string): { ok: boolean; output: string } {
  const run = spawnSync(cli, args, { cwd, encoding: 'utf8' });
  if (run.error) throw new Error(`${cli} could not be run`, { cause: run.error });
  return { ok: run.status === 0, output: `${run.stdout}${run.stderr}`.trim() };
}

function isThere(cli: string, env: NodeJS.ProcessEnv): boolean {
  return spawnSync(cli, ['--version'], { env }).status === 0;
}
