import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startAzurite } from '../../simulator/demo/azurite.ts';
import { createFolder, run, startProgram, writeSettings } from './run-command.ts';

const cwd = createFolder();

describe('a store that no sweep has written to is never an all-clear:', () => {
  let settings: string;
  beforeAll(async () => {
    const azurite = await startAzurite();
    settings = writeSettings(cwd, { FindingsStorage: azurite.connectionString });
    return () => azurite.close();
  });

  it.each([
    ['findings', ['findings']],
    ['findings --json', ['findings', '--json']],
    ['coverage', ['coverage']],
  ])('%s exits 3 and says that nothing is known', async (_, args) => {
    const { code, stdout, stderr } = await run('bin/acr-cmk.js', [...args, '--settings', settings], { cwd });
    expect(code).toBe(3);
    expect(stdout + stderr).toContain('No sweep has run yet, so nothing is known of the tenant');
    expect(stdout).not.toContain('confirmed everything');
  });
});

describe('commands beside a monitor that runs on this machine', () => {
  it('use it as its last screen says, also in a folder with blanks in its name', async () => {
    const folder = join(cwd, 'my monitor');
    mkdirSync(folder);
    const demo = startProgram('bin/acr-cmk.js', ['demo', '--port', '0'], { cwd: folder });
    onTestFinished(() => demo.stop());
    const screen = await demo.until(/\n {2}curl .*\n/);
    const commands = [...screen.matchAll(/^ {2}acr-cmk (.+?) {2,}/gm)].map(([, command = '']) => command);
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) {
      const { code, stdout, stderr } = await run('bin/acr-cmk.js', command.split(' '), { cwd: folder });
      expect([0, 3], `${command}: ${stderr}`).toContain(code);
      expect(stdout).not.toBe('');
      expect(stderr).toMatch(
        /^Using the local monitor that runs since \d\d:\d\d \(acr-cmk demo, process \d+\)/,
      );
    }
    const file = join(folder, '.local', String(demo.pid), 'monitor.json');
    expect(statSync(file).mode & 0o077).toBe(0);
    await demo.stop();
    expect(existsSync(file)).toBe(false);
    const { code, stderr } = await run('bin/acr-cmk.js', ['findings'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('start one by "acr-cmk demo" or "acr-cmk live"');
  }, 240_000);
});
