import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry, smallTenant, vault } from '../functions/small-tenant.ts';
import { createFolder, run } from './run-command.ts';

const cwd = createFolder();
const start = (args: string[], env: Record<string, string> = {}) =>
  run('bin/acr-cmk.js', ['demo', ...args], { cwd, env });

describe('npm start -- --once', () => {
  it('sweeps the made-up tenant, shows its posture, and the alert of a new registry, then ends with 0', async () => {
    const { code, stdout, stderr } = await start(['--once']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Simulated tenant with \d+ registries at https:\/\/127\.0\.0\.1:\d+, /);
    expect(stdout).toMatch(/^\d+ open findings on \d+ registries: \d+ critical, \d+ high, /m);
    expect(stdout).toMatch(
      /^critical {2}acrretailorphan {2}kv_missing · rg-retail-registries .*\b(now|\d+ min)$/m,
    );
    expect(stdout).toMatch(
      /^\d+ registries: \d+ pass, \d+ fail, \d+ unknown, 1 not judged yet, and those of 1$/m,
    );
    expect(stdout).toMatch(/^Not known: /m);
    expect(stdout).toMatch(/^Alert \d+(\.\d+)? s after the event, signature valid:$/m);
    const alert = JSON.parse(stdout.slice(stdout.indexOf('\n{') + 1));
    expect(alert).toMatchObject({
      type: 'registry.findings.changed',
      source: 'event',
      transitions: [{ rule: 'acr_nocmk', transition: 'opened' }],
    });
    expect(stdout).not.toContain('\u001b');
    expect(existsSync(join(cwd, '.local')) ? readdirSync(join(cwd, '.local')) : []).toEqual([]);
  });

  it('serves bodies from a folder, and names each file that it skipped', async () => {
    const folder = join(cwd, 'tenant');
    mkdirSync(folder);
    const [first] = smallTenant().subscriptions;
    const files: Record<string, unknown> = {
      'registries.json': { value: [registry('acrplain'), registry('acrunsafe', { vault: 'kv-unsafe' })] },
      'subscription.json': first,
      'vault.json': vault('kv-unsafe', { enablePurgeProtection: undefined }),
      'error.json': { error: { code: 'ResourceNotFound', message: '' } },
    };
    for (const [name, body] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(body));
    writeFileSync(join(folder, 'notes.txt'), 'none');
    const { code, stdout } = await start(['--once', '--tenant', folder]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Simulated tenant with 2 registries /);
    expect(stdout).toMatch(/^Skipped error\.json: .+$/m);
    expect(stdout).toMatch(/^Skipped notes\.txt: .+$/m);
    expect(stdout).toMatch(/^high {6}acrplain {2}acr_nocmk · rg-Images .*\b(now|\d+ min)$/m);
    expect(stdout).toMatch(/^high {6}acrunsafe {2}kv_nopurgeprotection · rg-Images .*\b(now|\d+ min)$/m);
    expect(stdout).toMatch(/^2 registries: 0 pass, 2 fail, 0 unknown /m);
    expect(stdout).toMatch(/, signature valid:$/m);
  });
});

describe('npm start', () => {
  it('--live without a login exits 2 with one clear error', async () => {
    const env = { AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' };
    const { code, stdout, stderr } = await start(['--live', '--once'], env);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: Nobody is signed in to Azure: [^\n]+\nSign in by "az login"[^\n]+\n$/);
  });

  it.concurrent.each([
    ['an option that there is not', ['--twice'], "error: unknown option '--twice'\n"],
    ['a port that is none', ['--port', '70000'], /error: option '--port <number>' .* 0 to 65535/],
    ['two tenants at once', ['--live', '--tenant', 'x'], 'error: --live and --tenant exclude each other\n'],
  ])('with %s exits 2', async (_, args, message) => {
    const { code, stdout, stderr } = await start(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
