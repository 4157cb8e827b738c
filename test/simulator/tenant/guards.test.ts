import { describe, expect, test } from 'vitest';
import { diagnosticSettingBody } from '../../../simulator/tenant/diagnostic-setting-body.ts';
import { managedHsmBody, vaultBody } from '../../../simulator/tenant/key-holder-body.ts';
import { lockBody } from '../../../simulator/tenant/lock-body.ts';
import type { TenantContents } from '../../../simulator/tenant/tenant-contents.ts';
import { createArmClient, toNames } from './arm-client.ts';
import { startForTest, subscription, tenantId } from './tenant-clients.ts';

const place = { tenantId, subscription, group: 'rg-Keys', location: 'westeurope' };
const vault = vaultBody({ ...place, name: 'kv-images' });
const hsm = managedHsmBody({ ...place, name: 'hsm-images' });
const group = `${subscription}/resourceGroups/rg-keys`;

async function start(resources: TenantContents['resources'], contents: Partial<TenantContents> = {}) {
  const { tenant } = await startForTest({ resources: [vault, hsm, ...resources], ...contents });
  return { tenant, ...createArmClient(tenant) };
}

describe('locks', () => {
  const locks = [
    lockBody({ scope: subscription, name: 'a-subscription' }),
    lockBody({ scope: group, name: 'b-group' }),
    lockBody({ scope: vault.id, name: 'c-vault', level: 'ReadOnly' }),
    lockBody({ scope: hsm.id, name: 'd-hsm' }),
  ];
  const list = (scope: string) => `${scope}/providers/Microsoft.Authorization/locks`;

  test('are listed at a scope and above, without a filter below it too', async () => {
    const { pages, get } = await start(locks);
    const at = async (scope: string, filter?: string) => toNames(await pages(list(scope), filter)).sort();
    expect(await at(vault.id, 'atScope()')).toEqual(['a-subscription', 'b-group', 'c-vault']);
    expect(await at(group, 'atScope()')).toEqual(['a-subscription', 'b-group']);
    expect(await at(group)).toEqual(['a-subscription', 'b-group', 'c-vault', 'd-hsm']);
    expect((await get(`${list(vault.id)}/c-vault`)).body).toEqual({
      properties: { level: 'ReadOnly', notes: expect.any(String) },
      id: `${list(vault.id)}/c-vault`,
      type: 'Microsoft.Authorization/locks',
      name: 'c-vault',
    });
  });

  test('come and go, and are refused without permission', async () => {
    const action = 'Microsoft.Authorization/locks/read';
    const { tenant, pages, refusal } = await start([], { unreadable: [{ scope: hsm.id, action }] });
    const lock = lockBody({ scope: vault.id });
    tenant.put(lock);
    expect(toNames(await pages(list(vault.id), 'atScope()'))).toEqual(['do-not-delete']);
    tenant.remove(lock.id);
    expect(toNames(await pages(list(vault.id), 'atScope()'))).toEqual([]);
    expect(await refusal(`${list(vault.id)}/do-not-delete`)).toBe('404 LockNotFound');
    expect(await refusal(list(hsm.id), { $filter: 'atScope()' })).toBe('403 AuthorizationFailed');
  });
});

describe('diagnostic settings', () => {
  const list = (scope: string) => `${scope}/providers/Microsoft.Insights/diagnosticSettings`;

  test('are those of the resource itself, in one piece', async () => {
    const names = ['one', 'two', 'three'];
    const { tenant } = await startForTest(
      {
        resources: [
          vault,
          hsm,
          ...names.map((name) => diagnosticSettingBody({ scope: vault.id, name })),
          diagnosticSettingBody({ scope: hsm.id, name: 'hsm', categoryGroups: ['allLogs'] }),
        ],
      },
      { pageSize: 1 },
    );
    const { get } = createArmClient(tenant);
    const { body } = await get(list(vault.id));
    expect(Object.keys(body)).toEqual(['value']);
    expect(toNames([body.value])).toEqual(names.toSorted());
    const hsmSettings = (await get(list(hsm.id))).body.value;
    expect(hsmSettings).toMatchObject([
      { properties: { logs: [{ category: null, categoryGroup: 'allLogs', enabled: true }] } },
    ]);
  });

  test('say which logs are kept, and where', async () => {
    const setting = diagnosticSettingBody({ scope: vault.id, categories: ['AuditEvent'] });
    const { get, refusal } = await start([setting]);
    const [body] = (await get(list(vault.id))).body.value;
    expect(body).toMatchObject({
      id: expect.stringContaining('/resourcegroups/rg-keys/'),
      type: 'Microsoft.Insights/diagnosticSettings',
      properties: {
        storageAccountId: null,
        workspaceId: expect.stringContaining('/workspaces/'),
        logs: [
          { category: 'AuditEvent', enabled: true },
          { category: 'AzurePolicyEvaluationDetails', enabled: false },
        ],
        metrics: [{ category: 'AllMetrics', enabled: false }],
      },
    });
    expect(await refusal(list(vault.id.replace('kv-images', 'kv-none')))).toBe('404 ResourceNotFound');
  });

  test('are none where nobody set them up, and refused without permission', async () => {
    const action = 'Microsoft.Insights/diagnosticSettings/read';
    const { get, refusal } = await start([], { unreadable: [{ scope: hsm.id, action }] });
    expect((await get(list(vault.id))).body).toEqual({ value: [] });
    expect(await refusal(list(hsm.id))).toBe('403 AuthorizationFailed');
  });

  test('end with their vault', async () => {
    const { tenant, get } = await start([
      diagnosticSettingBody({ scope: vault.id }),
      lockBody({ scope: vault.id }),
    ]);
    tenant.remove(vault.id, { purge: true });
    tenant.put(vault);
    expect((await get(list(vault.id))).body.value).toEqual([]);
  });
});
