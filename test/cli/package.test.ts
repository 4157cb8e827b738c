import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFolder, run } from './run-command.ts';

const folder = createFolder();
const packed = join(folder, 'packed');
const installed = join(folder, 'installed');
const command = join(installed, 'node_modules/acr-cmk-monitor/bin/acr-cmk.js');

/** Packs the project as npm does, and installs it, and nothing else, into an empty folder. */
beforeAll(() => {
  mkdirSync(packed);
  mkdirSync(join(installed, 'node_modules'), { recursive: true });
  const npm = (args: string[], cwd: string) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  npm(['pack', '--pack-destination', packed, '--silent'], resolve('.'));
  const [archive = ''] = readdirSync(packed);
  npm(
    ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', join(packed, archive)],
    installed,
  );
}, 240_000);

describe('the installed package', () => {
  it('brings nothing else with it', () => {
    const packages = readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['acr-cmk-monitor']);
  });

  it('runs "acr-cmk", whose --json is JSON and nothing else', async () => {
    const { code, stdout, stderr } = await run(command, ['rules', '--json'], { cwd: installed });
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).items.length).toBeGreaterThan(10);
  });

  it('says in one sentence what the demonstration lacks, and runs it once azurite stands beside it', async () => {
    const without = await run(command, ['demo', '--once'], { cwd: installed });
    expect([without.code, without.stdout]).toEqual([2, '']);
    expect(without.stderr).toMatch(/^error: [^\n]*run "npm install azurite"[^\n]*\n$/);
    symlinkSync(resolve('node_modules/azurite'), join(installed, 'node_modules/azurite'));
    const { code, stdout, stderr } = await run(command, ['demo', '--once'], { cwd: installed });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Alert \d+(\.\d+)? s after the event, signature valid:$/m);
  });
});
