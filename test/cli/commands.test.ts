import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startMonitorHost } from '../functions/monitor-host.ts';
import { production, registry, testing } from '../functions/small-tenant.ts';
import { createFolder, type Outcome, run, writeSettings } from './run-command.ts';

const cwd = createFolder();
const orphan = registry('acrorphan', { vault: 'kv-gone' });
let monitor: Awaited<ReturnType<typeof startMonitorHost>>;
let settings: string;
let first: Outcome;

const cli = (...args: string[]) => run('src/cli/main.ts', [...args, '--settings', settings], { cwd });

beforeAll(async () => {
  monitor = await startMonitorHost();
  const certificate = join(cwd, 'tenant.pem');
  writeFileSync(certificate, monitor.tenant.certificate);
  settings = writeSettings(cwd, { ...monitor.settings, INVENTORY: 'arm', NODE_EXTRA_CA_CERTS: certificate });
  monitor.tenant.remove(orphan.id);
  first = await cli('sweep', '--fail-on', 'critical');
  monitor.tenant.put(orphan);
});
afterEach(() => monitor.tenant.intercept(undefined));

/** The JSON that a command printed, when it printed nothing else and nothing went wrong. */
function toJson({ stdout, stderr }: Outcome) {
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('sweep', () => {
  it('says in one line what it did, and exits 0 when nothing as severe as asked for is open', () => {
    expect(first.stdout).toMatch(
      /^Sweep complete: 2 subscriptions, 5 registries, 5 assessed, 4 changed, 0 not confirmed \(\d+ calls to Azure\)\n$/,
    );
    expect([first.code, first.stderr]).toEqual([0, '']);
  });

  it('prints the sweep as the API answers it, and exits 1 for open findings', async () => {
    const outcome = await cli('sweep', '--json', '--fail-on', 'critical');
    expect(outcome.code).toBe(1);
    const sweep = toJson(outcome);
    expect(sweep).toMatchObject({ outcome: 'complete', registries: 6, assessed: 1 });
    const { items } = await monitor.getJson<{ items: unknown[] }>('/api/sweeps?limit=1');
    expect(items).toEqual([sweep]);
  });

  it('exits 3 when a subscription could not be read, and says which', async () => {
    monitor.tenant.intercept(({ path }) =>
      path.includes(testing)
        ? { kind: 'json', status: 403, body: { error: { code: 'AuthorizationFailed' } } }
        : undefined,
    );
    const { code, stdout, stderr } = await cli('sweep', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'partial' });
    expect(stderr).toContain(testing);
  });

  it('exits 2 when nobody is signed in, and says what to do', async () => {
    const env = { AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' };
    const { code, stderr } = await run('src/cli/main.ts', ['sweep', '--settings', settings], { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toContain('az login');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('assess', () => {
  it('reads a registry by its id, and shows each rule in a table without colours', async () => {
    const { code, stdout, stderr } = await cli('assess', registry('acrunsafe').id.toLowerCase());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(stripVTControlCharacters(stdout));
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^RULE +OUTCOME +REASON$/);
    expect(stdout).toMatch(/^kv_nopurgeprotection +fail +purge_protection_off$/m);
    expect(lines.at(-1)).toBe('Nothing changed.');
  });

  it('finds a registry by its name in any case, and prints it as the API answers it', async () => {
    const outcome = await cli('assess', 'ACRGOOD', '--json');
    expect(outcome.code).toBe(0);
    const read = await monitor.getJson(`/api/registries/${production}/rg-images/acrgood`);
    expect(toJson(outcome)).toEqual(read);
    expect(read).toMatchObject({ source: 'manual' });
  });

  it('tells what changed', async () => {
    const created = registry('acrnew');
    monitor.tenant.put(created);
    const { code, stdout } = await cli('assess', created.id);
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 'Changed: acr_nocmk opened.']);
    monitor.tenant.remove(created.id);
    const gone = await cli('assess', 'acrnew');
    expect([gone.code, gone.stdout]).toEqual([
      0,
      'Registry acrnew does not exist. Changed: acr_nocmk closed.\n',
    ]);
  });

  it('exits 2 for a name that is not known, and for one that several registries have', async () => {
    const [unknown, ambiguous] = await Promise.all([cli('assess', 'acrnosuch'), cli('assess', 'acrplain')]);
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('No registry named "acrnosuch" was ever assessed');
    expect([ambiguous.code, ambiguous.stdout]).toEqual([2, '']);
    for (const { id } of [registry('acrPlain'), registry('acrplain', { in: testing })]) {
      expect(ambiguous.stderr).toContain(id);
    }
  });

  it('exits 3 when something could not be told, or the registry could not be judged yet', async () => {
    const creating = registry('acrslow', { state: 'Creating' });
    monitor.tenant.put(creating);
    const [secret, slow] = await Promise.all([cli('assess', 'acrsecret'), cli('assess', creating.id)]);
    expect(secret.code).toBe(3);
    expect(secret.stdout).toMatch(/^kv_missing +unknown +key_holder_unreadable$/m);
    expect([slow.code, slow.stdout]).toEqual([
      3,
      "Registry acrslow is in state Creating and can't be judged yet.\n",
    ]);
    monitor.tenant.remove(creating.id);
  });
});

describe('findings', () => {
  it('are shown in a table, without colours', async () => {
    const { code, stdout, stderr } = await cli(
      'findings',
      '--status',
      'open',
      'resolved',
      '--rule',
      'kv_missing',
    );
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^SEVERITY +RULE +REGISTRY +RESOURCE GROUP +STATUS +SINCE +REASON$/),
      expect.stringMatching(
        /^critical +kv_missing +acrorphan +rg-Images +open +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +key_holder_absent$/,
      ),
    ]);
  });

  it.each([
    [['--severity', 'high', '--subscription', testing], `severity=high&subscription=${testing}`],
    [
      ['--registry', 'acrunsafe', orphan.id, '--status', 'open'],
      `registry=acrunsafe&registry=${orphan.id}&status=open`,
    ],
  ])('%j are printed as the API answers them', async (args, query) => {
    const outcome = await cli('findings', '--json', ...args);
    expect(outcome.code).toBe(0);
    const page = toJson(outcome);
    expect(page.items.length).toBeGreaterThan(0);
    expect(page).toEqual(await monitor.getJson(`/api/findings?${query}`));
  });

  it('go on after a page, whose cursor is told on standard error', async () => {
    const filter = ['--rule', 'acr_nocmk', '--status', 'open'];
    const page = await cli('findings', '--limit', '1', ...filter);
    expect(page.stdout).toContain('acrPlain');
    const [, cursor = ''] = /^There are more: --cursor (\S+)\n$/.exec(page.stderr) ?? [];
    const next = await cli('findings', '--limit', '1', ...filter, '--cursor', cursor);
    expect([next.code, next.stderr]).toEqual([0, '']);
    expect(next.stdout).toMatch(/^high +acr_nocmk +acrplain /m);
  });
});

describe('history', () => {
  it('of a registry is told newest first', async () => {
    const { code, stdout, stderr } = await cli('history', 'acrorphan');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^TIME +REVISION +SOURCE +WHAT CHANGED$/);
    expect(lines[1]).toMatch(/Z +1 +manual +kv_missing opened \(key_holder_absent\)$/);
    expect(lines).toHaveLength(2);
  });

  it('is printed as the API answers it', async () => {
    const outcome = await cli('history', orphan.id, '--json');
    expect(outcome.code).toBe(0);
    expect(toJson(outcome)).toEqual(
      await monitor.getJson(`/api/registries/${production}/rg-images/acrorphan/history`),
    );
  });

  it('of a registry that was never assessed exits 2', async () => {
    const { code, stdout, stderr } = await cli('history', registry('acrnosuch').id);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Registry acrnosuch was never assessed');
  });
});
