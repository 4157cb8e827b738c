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

const cli = (...args: string[]) => run('bin/acr-cmk.js', [...args, '--settings', settings], { cwd });

beforeAll(async () => {
  monitor = await startMonitorHost();
  const certificate = join(cwd, 'tenant.pem');
  writeFileSync(certificate, monitor.tenant.certificate);
  settings = writeSettings(cwd, { ...monitor.settings, INVENTORY: 'arm', NODE_EXTRA_CA_CERTS: certificate });
  monitor.tenant.remove(orphan.id);
  first = await cli('sweep', '--quiet', '--fail-on', 'critical');
  monitor.tenant.put(orphan);
});
afterEach(() => monitor.tenant.intercept(undefined));

/** The JSON that a command printed, when it printed nothing else and nothing went wrong. */
function toJson({ stdout, stderr }: Outcome) {
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('sweep', () => {
  it('says what it did and how the registries add up, and exits 0 when nothing as severe as asked for is open', () => {
    expect(first.stdout).toMatch(
      /^Sweep complete: 2 subscriptions, 5 registries, 5 assessed, 4 changed, 0 not confirmed \(\d+ calls to Azure\)\n5 registries: 1 pass, 3 fail, 1 unknown\n$/,
    );
    expect([first.code, first.stderr]).toEqual([0, '']);
  });

  it('prints the sweep as the API answers it, and exits 1 for open findings', async () => {
    const outcome = await cli('sweep', '--quiet', '--json', '--fail-on', 'critical');
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
    const { code, stderr } = await run('bin/acr-cmk.js', ['sweep', '--settings', settings], { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toContain('az login');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('assess', () => {
  it('reads a registry by its id, and says first what fails and how to mend it, without colours', async () => {
    const { code, stdout, stderr } = await cli('assess', registry('acrunsafe').id.toLowerCase());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(stripVTControlCharacters(stdout));
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('acrunsafe fails 1 of 4 rules.');
    expect(lines[1]).toMatch(/^ {2}high +kv_nopurgeprotection: Purge protection is off/);
    expect(stdout).toMatch(/^ +purge_protection_off: Purge protection is not on/m);
    expect(stdout).toContain('\nMend it: acr-cmk fix acrunsafe\n');
    expect(stdout).toMatch(/^RULE +OUTCOME +REASON\nkv_nopurgeprotection +fail +purge_protection_off$/m);
    expect(lines.at(-1)).toBe('Same as before.');
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
      'Registry acrnew does not exist any more. Changed: acr_nocmk closed.\n',
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
    expect(secret.stdout).toMatch(/^kv_missing +unknown +key_holder_not_visible$/m);
    expect(slow.code).toBe(3);
    expect(slow.stdout).toContain("Registry acrslow is in state Creating and can't be judged yet.");
    monitor.tenant.remove(creating.id);
  });
});

describe('assess --fail-on', () => {
  it('exits 1 when a rule as severe as asked for fails, and 2 for a registry that never was', async () => {
    const [failing, passing, never] = await Promise.all([
      cli('assess', 'acrunsafe', '--fail-on', 'HIGH'),
      cli('assess', 'acrunsafe', '--fail-on', 'critical'),
      cli('assess', registry('acrnever').id),
    ]);
    expect([failing.code, passing.code, never.code]).toEqual([1, 0, 2]);
    expect([never.stdout, never.stderr]).toEqual(['', expect.stringContaining('acrnever does not exist')]);
  });
});

describe('findings', () => {
  beforeAll(async () => {
    await cli('sweep', '--quiet');
  });

  it('are counted by severity and shown worst first in 80 columns, with the next command', async () => {
    const { code, stdout, stderr } = await cli('findings');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('4 open findings on 4 registries: 1 critical, 3 high');
    expect(lines[2]).toMatch(/^critical {2}acrorphan {2}kv_missing · rg-Images · Production +(now|\d+ min)$/);
    expect(lines[3]).toMatch(/^ {10}The key holder of the registry’s key is deleted or exists nowhere/);
    expect(lines.at(-1)).toBe('Next: acr-cmk fix acrorphan');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('are shown with all columns where asked for', async () => {
    const { code, stdout } = await cli('findings', '--wide', '--status', 'ANY', '--rule', 'kv_missing');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^SEVERITY +RULE +REGISTRY +RESOURCE GROUP +SUBSCRIPTION +STATUS +SINCE +REASON$/,
      ),
      expect.stringMatching(
        /^critical +kv_missing +acrorphan +rg-Images +\S+ +open +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +key_holder_absent$/,
      ),
    ]);
  });

  it.each([
    [['--severity', 'high', '--subscription', testing], `severity=high&subscription=${testing}&status=open`],
    [['--registry', 'acrunsafe', orphan.id], `registry=acrunsafe&registry=${orphan.id}&status=open`],
  ])('%j are printed as the API answers them', async (args, query) => {
    const outcome = await cli('findings', '--json', ...args);
    expect(outcome.code).toBe(0);
    const page = toJson(outcome);
    expect(page.items.length).toBeGreaterThan(0);
    expect(page).toEqual(await monitor.getJson(`/api/findings?${query}`));
  });

  it('come in pages, by the order asked for', async () => {
    const by = ['findings', '--rule', 'acr_nocmk', '--sort', 'registry', '--limit', '1'];
    const [first, second, third] = await Promise.all([
      cli(...by),
      cli(...by, '--page', '2'),
      cli(...by, '--page', '3'),
    ]);
    expect(first.stdout).toMatch(/^high {6}acrPlain /m);
    expect(first.stderr).toBe('Page 1 of 2: --page 2, or --all for everything.\n');
    expect(second.stdout).toMatch(/^high {6}acrplain /m);
    expect([third.code, third.stderr]).toEqual([2, 'error: There is no page 3: 2 pages in all\n']);
  });

  it('go on after a page of JSON, whose cursor is told on standard error', async () => {
    const filter = ['--json', '--rule', 'acr_nocmk', '--limit', '1'];
    const page = await cli('findings', ...filter);
    const [, cursor = ''] = /^There are more: --cursor (\S+)\n$/.exec(page.stderr) ?? [];
    const next = await cli('findings', ...filter, '--cursor', cursor);
    expect([next.code, next.stderr]).toEqual([0, '']);
    expect(JSON.parse(next.stdout).items).toHaveLength(1);
  });

  it('exit 1 where one is as severe as asked for', async () => {
    const [some, none] = await Promise.all([
      cli('findings', '--fail-on', 'critical'),
      cli('findings', '--registry', 'acrunsafe', '--fail-on', 'critical'),
    ]);
    expect([some.code, none.code]).toEqual([1, 0]);
  });

  it('of a registry that has none say what that rests on, and of one that nobody knows that it is not known', async () => {
    const [none, unknown] = await Promise.all([
      cli('findings', '--registry', 'acrgood'),
      cli('findings', '--registry', 'acrgoood'),
    ]);
    expect(none.stdout).toMatch(/^No open findings on acrGood: 4 of 4 rules pass, assessed .+\.\n$/i);
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toMatch(/"acrgoood" was ever assessed.* Did you mean acrgood\?/i);
  });

  it('are never all that can be told while something could not be read', async () => {
    monitor.tenant.intercept(({ path }) =>
      path.includes(testing)
        ? { kind: 'json', status: 403, body: { error: { code: 'AuthorizationFailed' } } }
        : undefined,
    );
    await cli('sweep', '--quiet');
    monitor.tenant.intercept(undefined);
    const [findings, coverage] = await Promise.all([cli('findings', '--severity', 'low'), cli('coverage')]);
    await cli('sweep', '--quiet');
    expect([findings.code, coverage.code]).toEqual([3, 3]);
    expect(findings.stdout).toContain('This is not an all-clear.');
    expect(findings.stderr).toContain('(Testing)');
    expect(coverage.stdout).toMatch(/^\d+ registries: .* not readable, and those of 1$/m);
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
