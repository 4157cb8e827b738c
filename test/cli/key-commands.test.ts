import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { subscriptionBody } from '../../simulator/tenant/subscription-body.ts';
import { startMonitorHost } from '../functions/monitor-host.ts';
import { smallTenant } from '../functions/small-tenant.ts';
import { grantAt, healthy, identity, keyOf, registry, vault } from '../monitor/chain-tenant.ts';
import { subscriptionId } from '../simulator/tenant/tenant-clients.ts';
import { createFolder, run, writeSettings } from './run-command.ts';

const cwd = createFolder();
const team = '99999999-aaaa-4bbb-8ccc-999999999999';
let monitor: Awaited<ReturnType<typeof startMonitorHost>>;
let settings: string;

const cli = (...args: string[]) => run('bin/acr-cmk.js', [...args, '--settings', settings], { cwd });

beforeAll(async () => {
  const { tenantId } = smallTenant();
  const disabled = keyOf(vault, { enabled: false });
  const resources = [
    ...healthy.filter(({ id }) => id !== disabled.id),
    disabled,
    grantAt(`/subscriptions/${subscriptionId}`, { role: 'Owner', principalId: team, principalType: 'Group' }),
  ];
  const subscriptions = [subscriptionBody(`/subscriptions/${subscriptionId}`, 'Production', tenantId)];
  monitor = await startMonitorHost({ contents: { tenantId, subscriptions, resources }, rulesDisabled: '' });
  const certificate = join(cwd, 'tenant.pem');
  writeFileSync(certificate, monitor.tenant.certificate);
  settings = writeSettings(cwd, { ...monitor.settings, NODE_EXTRA_CA_CERTS: certificate });
  await monitor.host.runTimer('sweep');
});

describe('fix', () => {
  it('prints a script with this registry’s names, which bash takes, and how to see that it has worked', async () => {
    const { code, stdout, stderr } = await cli('fix', 'images');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^#!\/usr\/bin\/env bash\n# key_unusable: /);
    expect(stdout).toContain('kv-images');
    expect(stdout).toMatch(/^# It should say: key_unusable pass /m);
    execFileSync('bash', ['-n'], { input: stdout });
  });

  it.each([
    ['bicep', '// key_unusable: '],
    ['terraform', '# key_unusable: '],
  ])('prints %s', async (language, start) => {
    const { code, stdout } = await cli('fix', registry.id, '--as', language);
    expect(code).toBe(0);
    expect(stdout.startsWith(start)).toBe(true);
  });

  it('prints all languages as the API answers them', async () => {
    const { stdout } = await cli('fix', registry.id, '--json');
    const route = `/api/registries/${subscriptionId}/rg-images/images/remedy`;
    // Each says when it has read the registry.
    const withoutTimes = (text: string) => text.replace(/read at \S+:/g, 'read:');
    const answered = JSON.stringify(await monitor.getJson(route));
    expect(JSON.parse(withoutTimes(stdout))).toEqual(JSON.parse(withoutTimes(answered)));
  });

  it('says that nothing fails of what was asked for', async () => {
    const { code, stdout, stderr } = await cli('fix', 'images', '--rule', 'kv_missing');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toBe('Nothing fails on registry images of kv_missing.\n');
  });

  it.each([
    [['--rule', 'kv_none'], /kv_none.*acr_nocmk/s],
    [['--as', 'pulumi'], /pulumi.*az, bicep, terraform/s],
  ])('exits 2 for %j and names what there is', async (args, message) => {
    const { code, stderr } = await cli('fix', 'images', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('exits 3 for a registry that does not exist', async () => {
    const { code, stderr } = await cli('fix', registry.id.replace(/images$/, 'none'));
    expect([code, stderr]).toEqual([3, 'Registry none does not exist.\n']);
  });
});

it('trusts the settings’ certificates beside those that the environment names', async () => {
  const other = join(cwd, 'other.pem');
  writeFileSync(other, '');
  const env = { NODE_EXTRA_CA_CERTS: other };
  const { code } = await run('bin/acr-cmk.js', ['custody', 'images', '--settings', settings], { cwd, env });
  expect(code).toBe(0);
});

describe('custody', () => {
  it('names who can do what, groups as such, and what stands on the key holder', async () => {
    const { code, stdout, stderr } = await cli('custody', 'images');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(stripVTControlCharacters(stdout));
    expect(stdout).toMatch(
      new RegExp(`^${identity.principalId} +identity id-images +Key Vault Crypto Service`, 'm'),
    );
    expect(stdout).toMatch(new RegExp(`^${team} +group, members unknown +Owner at /subscriptions/`, 'm'));
    expect(stdout).toMatch(/^Delete lock: no$/m);
    expect(stdout).toContain(`Can both change access and manage the registry: ${team}`);
  });

  it('prints JSON as the API answers it', async () => {
    const { stdout } = await cli('custody', 'images', '--json');
    const route = `/api/registries/${subscriptionId}/rg-images/images/custody`;
    expect(JSON.parse(stdout)).toEqual(await monitor.getJson(route));
  });
});

describe('blast-radius', () => {
  it('names the registries that hang on a vault, and until when it could be recovered', async () => {
    const { code, stdout } = await cli('blast-radius', 'kv-images');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 registry depends on kv-images\.vault\.azure\.net \(it exists\)$/m);
    expect(stdout).toMatch(/^images +rg-images +/m);
    expect(stdout).toMatch(/could be recovered until .*; nobody can purge it before/);
  });

  it('exits 2 for a key holder that no registry was seen to use, and names the nearest', async () => {
    const { code, stdout, stderr } = await cli('blast-radius', 'kv-imags');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/"kv-imags" \(1 key holder known\)\. Did you mean kv-images\?$/m);
  });
});

describe('coverage', () => {
  it('names the subscriptions from which no events come', async () => {
    const { code, stdout } = await cli('coverage');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`No events come from these, .*\\n.*\\nProduction +${subscriptionId} `));
    const { items } = await monitor.getJson<{ items: unknown[] }>('/api/sweeps?limit=1');
    expect(items).toMatchObject([{ withoutEvents: 1 }]);
  });
});
