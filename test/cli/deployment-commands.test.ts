import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, ids, startDeployment } from '../deployment/deployed-monitor.ts';
import { createFolder, run } from './run-command.ts';

const cwd = createFolder();
let deployment: Deployment;
let env: Record<string, string>;

const cli = (args: string[], more: Record<string, string> = {}) =>
  run('bin/acr-cmk.js', args, { cwd, env: { ...env, ...more } });

beforeAll(async () => {
  deployment = await startDeployment();
  const { tenant } = deployment;
  const certificate = join(cwd, 'tenant.pem');
  writeFileSync(certificate, tenant.certificate);
  env = {
    ARM_ENDPOINT: tenant.armEndpoint,
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    IDENTITY_ENDPOINT: tenant.identityEndpoint,
    IDENTITY_HEADER: tenant.identityHeader,
    NODE_EXTRA_CA_CERTS: certificate,
    AZURE_SUBSCRIPTION_ID: ids[0],
    AZURE_ENV_NAME: 'monitor',
    PATH: '',
  };
  return () => tenant.close();
});

describe('acr-cmk connect and disconnect', () => {
  it('do what azd hands over, say each step, and can be looked at first', async () => {
    const SUBSCRIPTION_IDS = ` ${ids[1]} ;${ids[2].toUpperCase()},`;
    const dry = await cli(['connect', '--dry-run'], { SUBSCRIPTION_IDS });
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(await deployment.leftovers()).toEqual([]);
    const { code, stdout } = await cli(['connect'], { SUBSCRIPTION_IDS });
    expect(code).toBe(0);
    expect(stdout).toContain(`- subscribe to the events of ${ids[2]}: made`);
    const again = await cli(['connect', '--subscription', ids[1], ids[2]]);
    expect(again.stdout).not.toMatch(/: (?:made|changed)$/m);
    const monitor = `/subscriptions/${ids[0]}/resourceGroups/rg-monitor`;
    expect(await cli(['disconnect', '--yes', '--if-gone'])).toMatchObject({
      code: 0,
      stdout: `${monitor} is still there: nothing is removed.\n`,
    });
    expect(await cli(['disconnect'])).toMatchObject({
      code: 2,
      stderr: 'error: Nobody is there to be asked: give --yes\n',
    });
    expect(await deployment.leftovers()).not.toEqual([]);
    await deployment.arm.remove(monitor);
    expect((await cli(['disconnect', '--yes', '--if-gone'])).code).toBe(0);
    expect(await deployment.leftovers()).toEqual([]);
  });

  it.each([
    [['connect'], { AZURE_SUBSCRIPTION_ID: '' }, 'Which monitor?'],
    [['connect', '--monitor', 'rg-monitor'], {}, '--monitor takes the id of a resource group'],
    [['connect', '--subscription', 'x'], {}, 'SUBSCRIPTION_IDS must be subscription ids'],
    [['connect', '--subscription', ids[0], '--management-group', 'contoso'], {}, 'not both'],
    [['connect'], { GUARDRAILS: 'nonsense' }, 'GUARDRAILS must be Off, Audit or Deny'],
  ])('%s with %o is refused in one line', async (args, more, message) => {
    const { code, stderr } = await cli(args as string[], more as Record<string, string>);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('name what was not done, and end with 3', async () => {
    deployment.deploy('monitor');
    deployment.tenant.changes.disabledSubscriptions = [ids[3]];
    const { code, stderr } = await cli(['connect', '--subscription', ...ids]);
    expect(code).toBe(3);
    expect(stderr).toContain(`let the monitor read ${ids[3]}\n    ReadOnlyDisabledSubscription: `);
  });
});
