import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isInstalled, runHook, type Shell, shells } from './hooks.ts';

const missing = ['sh', 'pwsh', 'shellcheck'].filter((name) => !isThere(name));
if (missing.length > 0) console.log(`Left out, as they are not installed: hooks with ${missing.join(', ')}`);

function isThere(name: string): boolean {
  return name === 'shellcheck' ? spawnSync(name, ['--version']).status === 0 : isInstalled(name);
}

const topic = '22222222-2222-2222-2222-222222222222\\trg-automation\\tevgt-automation\\tSystemAssigned\\n';
const asGroup = { MANAGEMENT_GROUP_ID: 'contoso', STAND_IN_TOPICS: topic };
const verbs = (calls: string[][]) =>
  calls.map((call) =>
    call
      .slice(
        0,
        call.findIndex((part) => part.startsWith('-')),
      )
      .join(' '),
  );

describe.each(shells.filter(({ name }) => isThere(name)))('hooks in $name', (shell: Shell) => {
  it('sign in, and note that no vault has to come back', () => {
    const { status, calls, output } = runHook('preprovision', shell, { PRIVATE_NETWORK: 'true' });
    expect(status).toBe(0);
    expect(verbs(calls).slice(0, 3)).toEqual([
      'az account show',
      'az provider register',
      'az keyvault list-deleted',
    ]);
    expect(calls[1]).toEqual(expect.arrayContaining(['Microsoft.App', '--wait']));
    expect(calls[3]).toEqual(['azd', 'env', 'set', 'RECOVER_VAULT', 'false']);
    expect(output).toContain('from inside the virtual network');
    expect(verbs(runHook('preprovision', shell).calls)).not.toContain('az provider register');
  });

  it.each([
    ['an environment name that is too long', { AZURE_ENV_NAME: 'a'.repeat(33) }, 'use an environment name'],
    ['an environment name that ends in a dot', { AZURE_ENV_NAME: 'monitor.' }, 'use an environment name'],
    ['no subscription yet', { AZURE_SUBSCRIPTION_ID: undefined }, 'know the subscription'],
  ])('stop before anything is deployed at %s', (_, settings, step) => {
    const { status, calls, output } = runHook('preprovision', shell, settings);
    expect(status).toBe(1);
    expect(output).toContain(`Step failed: ${step}`);
    expect(calls).toEqual([]);
    expect(runHook('preprovision', shell, { AZURE_ENV_NAME: 'a'.repeat(32) }).status).toBe(0);
  });

  it('make a signing secret where there is none, and bring a deleted vault back', () => {
    const settings = { ALERT_WEBHOOK_URL: 'https://hooks.example/a b', STAND_IN_DELETED: 'kv-a3rzxkh62xa2q' };
    const { calls } = runHook('preprovision', shell, settings);
    expect(calls[1]?.slice(0, 4)).toEqual(['azd', 'env', 'set', 'ALERT_WEBHOOK_SECRET']);
    const secret = calls[1]?.[4] ?? '';
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(calls.at(-1)).toEqual(['azd', 'env', 'set', 'RECOVER_VAULT', 'true']);
    const kept = runHook('preprovision', shell, { ...settings, ALERT_WEBHOOK_SECRET: secret });
    expect(kept.calls.filter((call) => call.includes('ALERT_WEBHOOK_SECRET'))).toEqual([]);
  });

  it('subscribe the listed subscriptions to events, with arguments kept whole', () => {
    const { status, calls, files, output } = runHook('postdeploy', shell, {
      SUBSCRIPTION_IDS: '11111111-1111-1111-1111-111111111111, 22222222-2222-2222-2222-222222222222',
      STAND_IN_TOPICS: topic,
    });
    expect(status).toBe(0);
    expect(verbs(calls)).toEqual(['az cloud show', 'az rest', 'az deployment sub create']);
    expect(calls[2]).toContain('environmentName=acr cmk "test"');
    expect(calls[2]).toContain('@topics.json');
    expect(calls[2]).toContain(
      'subscriptionIds=11111111-1111-1111-1111-111111111111,22222222-2222-2222-2222-222222222222',
    );
    expect(files[0]).toMatchObject({
      subscriptions: ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'],
    });
    expect(files[1]).toEqual({
      existingSystemTopics: {
        value: [
          {
            subscriptionId: '22222222-2222-2222-2222-222222222222',
            resourceGroup: 'rg-automation',
            name: 'evgt-automation',
            identity: 'SystemAssigned',
          },
        ],
      },
    });
    expect(output).toContain('https://func-a3rzxkh62xa2q.azurewebsites.net/api');
  });

  it('show the way: address, key, first sweep, alert', () => {
    const { output, files } = runHook('postdeploy', shell, { ALERT_WEBHOOK_URL: 'https://hooks.example' });
    expect(output).toContain('az functionapp keys list');
    expect(output).toContain('/admin/functions/sweep');
    expect(output).toContain('/api/sweeps?limit=1');
    expect(output).toContain('/api/alerts/test');
    expect(files[1]).toEqual({ existingSystemTopics: { value: [] } });
  });

  it('let the app read its secrets anew, which it keeps for a day, where there are any', () => {
    const { calls } = runHook('postdeploy', shell, { ALERT_WEBHOOK_URL: 'https://hooks.example' });
    const isRefresh = (call: string[]) => call.some((part) => part.includes('/refresh?'));
    expect(calls.find(isRefresh)).toEqual(
      expect.arrayContaining([
        'post',
        'https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-acr-cmk-monitor/providers/Microsoft.Web/sites/func-a3rzxkh62xa2q/config/configreferences/appsettings/refresh?api-version=2022-03-01',
      ]),
    );
    expect(runHook('postdeploy', shell).calls.filter(isRefresh)).toEqual([]);
  });

  it('deploy what a management group needs, and find its subscriptions', () => {
    const { calls, files } = runHook('postdeploy', shell, { ...asGroup, GUARDRAILS: 'Audit' });
    expect(files[0]).toMatchObject({ managementGroups: ['contoso'] });
    expect(verbs(calls).slice(-2)).toEqual(['az deployment sub create', 'az deployment mg create']);
    expect(calls.at(-2)).toContain(
      'subscriptionIds=11111111-1111-1111-1111-111111111111,22222222-2222-2222-2222-222222222222',
    );
    expect(calls.at(-1)).toEqual(
      expect.arrayContaining([
        'contoso',
        'monitorSubscriptionId=00000000-0000-0000-0000-000000000001',
        'subscriptionIdsWithTopic=22222222-2222-2222-2222-222222222222',
        'guardrails=Audit',
      ]),
    );
  });

  it.each([
    ['deployment sub create', 'subscribe to the events of all subscriptions'],
    ['deployment mg create', 'deploy role and policies of contoso'],
    ['appsettings/refresh', 'let the app read its secrets anew'],
  ])('try "%s" again, as what is new is not known everywhere at once, and then stop', (command, step) => {
    const { status, calls, output } = runHook('postdeploy', shell, {
      ...asGroup,
      ALERT_WEBHOOK_URL: 'https://hooks.example',
      STAND_IN_FAILS: command,
    });
    expect(calls.filter((call) => call.join(' ').includes(command))).toHaveLength(3);
    expect(status).toBe(1);
    expect(output).toContain(`Step failed: ${step}`);
    expect(output).not.toContain('The monitor is deployed');
  });

  it.each([
    ['preprovision', 'account show', 'use the subscription in the Azure CLI (sign in with: az login)'],
    ['preprovision', 'keyvault list-deleted', 'look for a vault of this environment that was deleted'],
    ['postdeploy', 'cloud show', 'find Resource Manager'],
    ['postdeploy', 'rest', 'find the subscriptions below contoso'],
    ['postdeploy', 'deployment mg create', 'deploy role and policies of contoso'],
    ['predown', 'event-subscription delete', 'delete the event subscription on evgt-automation'],
    ['predown', 'policy definition delete', 'delete the policy for new subscriptions'],
    ['predown', 'group delete', 'delete the events of 11111111-1111-1111-1111-111111111111'],
    ['predown', 'role definition delete', 'delete the custom roles of the management group'],
  ])('%s stops when "%s" fails, and says which step', (hook, command, step) => {
    const { status, output } = runHook(hook, shell, { ...asGroup, STAND_IN_FAILS: command });
    expect(status).toBe(1);
    expect(output).toContain(`Step failed: ${step}`);
  });

  it('remove what lies outside of the resource group, and say what stays', () => {
    const { status, calls } = runHook('predown', shell, asGroup);
    expect(status).toBe(0);
    expect(calls.filter((call) => call.includes('delete')).map((call) => call.slice(1).join(' '))).toEqual([
      'eventgrid system-topic event-subscription delete --subscription 22222222-2222-2222-2222-222222222222 --resource-group rg-automation --system-topic-name evgt-automation --name acr-cmk-monitor-a3rzxkh62xa2q --yes',
      'role assignment delete --ids assignment-1',
      'role assignment delete --ids assignment-1',
      'policy assignment delete --name acr-cmk-a3rzxkh62xa2q --scope /providers/Microsoft.Management/managementGroups/contoso',
      'policy definition delete --name acr-cmk-a3rzxkh62xa2q --management-group contoso',
      'role assignment delete --ids assignment-1',
      'policy assignment delete --name acr-cmk-vault --scope /providers/Microsoft.Management/managementGroups/contoso',
      'group delete --subscription 11111111-1111-1111-1111-111111111111 --name rg-acr-cmk-monitor-events --yes',
      'group delete --subscription 22222222-2222-2222-2222-222222222222 --name rg-acr-cmk-monitor-events --yes',
      'role definition delete --name role-1 --scope /providers/Microsoft.Management/managementGroups/contoso',
      'role definition delete --name role-1 --scope /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-acr-cmk-monitor',
    ]);
    expect(runHook('postdown', shell).output).toContain('kv-a3rzxkh62xa2q: it is purge-protected');
  });

  it('remove guardrails and roles of this monitor only, whatever the settings say now', () => {
    const { calls } = runHook('predown', shell, {
      AZURE_ENV_NAME: 'monitor',
      AZURE_SUBSCRIPTION_ID: 'ABCDEF01-0000-0000-0000-000000000001',
      GUARDRAILS: 'Off',
    });
    const queries = (verb: string) =>
      calls
        .filter((call) => call.join(' ').startsWith(verb))
        .map((call) => call[call.indexOf('--query') + 1]);
    expect(queries('az role definition list')).toEqual([
      "[?starts_with(roleName, 'ACR CMK monitor ') && contains(roleName, '(monitor, abcdef01')].name",
    ]);
    expect(queries('az policy assignment list')).toEqual([
      "[?metadata.assignedBy=='ACR CMK monitor (monitor, abcdef01)'].name",
    ]);
    expect(calls.map((call) => call.join(' '))).toContain(
      'az policy assignment delete --name acr-cmk-vault --scope /subscriptions/ABCDEF01-0000-0000-0000-000000000001',
    );
  });

  /** What provisioning would have told, had it ended. */
  const withoutOutputs = Object.fromEntries(
    [
      ...['AZURE_RESOURCE_GROUP', 'FUNCTION_APP_NAME', 'API_URI', 'KEY_VAULT_NAME', 'EVENTS_RESOURCE_GROUP'],
      ...['EVENT_SUBSCRIPTION_NAME', 'EVENT_POLICY_NAME', 'READER_PRINCIPAL_ID'],
    ].map((name) => [name, undefined]),
  );

  it('remove what a deployment left that did not end', () => {
    const settings = { ...withoutOutputs, AZURE_ENV_NAME: 'monitor' };
    const deletions = (more: Record<string, string | undefined>) => {
      const { status, calls } = runHook('predown', shell, { ...settings, ...more });
      expect(status).toBe(0);
      return calls.filter((call) => call.includes('delete')).map((call) => call.slice(1).join(' '));
    };
    const home = '/subscriptions/00000000-0000-0000-0000-000000000001';
    expect(deletions({ STAND_IN_TOPICS: topic })).toEqual([
      'group delete --subscription 00000000-0000-0000-0000-000000000001 --name rg-monitor-events --yes',
      'role assignment delete --ids assignment-1',
      `policy assignment delete --name acr-cmk-vault --scope ${home}`,
      `role definition delete --name role-1 --scope ${home}`,
    ]);
    expect(deletions({ STAND_IN_GROUP: 'false' })).toEqual([
      `policy assignment delete --name acr-cmk-vault --scope ${home}`,
      `role definition delete --name role-1 --scope ${home}`,
    ]);
    expect(deletions({ MANAGEMENT_GROUP_ID: 'contoso' })).not.toContain(
      expect.stringContaining('policy definition'),
    );
    expect(deletions({ AZURE_SUBSCRIPTION_ID: undefined })).toEqual([]);
  });
});

describe('the hooks', () => {
  const files = readdirSync('infra/hooks');

  it('are there for both shells, and azd is told of each', () => {
    const names = (extension: string) =>
      files.filter((file) => file.endsWith(extension)).map((file) => file.split('.')[0]);
    expect(names('.sh')).toEqual(names('.ps1'));
    const azd = readFileSync('azure.yaml', 'utf8');
    for (const file of files.filter((name) => !name.startsWith('steps')))
      expect(azd).toContain(`infra/hooks/${file}`);
  });

  it('take the same steps in both shells', () => {
    for (const hook of ['preprovision', 'postdeploy', 'predown']) {
      const [posix, windows] = ['sh', 'ps1'].map((extension) =>
        [
          ...readFileSync(`infra/hooks/${hook}.${extension}`, 'utf8').matchAll(
            /^ *\$?\w* ?=? ?(?:step|Step|ask|Ask) (['"])(.*?)\1/gm,
          ),
        ].map(([, , step = '']) => step.replaceAll(/\$\(?[$\w:.]+\)?/g, '*')),
      );
      expect(posix?.length).toBeGreaterThan(0);
      expect(windows).toEqual(posix);
    }
  });

  it.skipIf(missing.includes('shellcheck'))('please shellcheck', () => {
    const scripts = files.filter((file) => file.endsWith('.sh')).map((file) => `infra/hooks/${file}`);
    const checker = 'shellcheck';
    const { stdout, status } = spawnSync(checker, ['-x', ...scripts], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });
});
