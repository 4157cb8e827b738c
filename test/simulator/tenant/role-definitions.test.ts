import { describe, expect, test } from 'vitest';
import { vaultBody } from '../../../simulator/tenant/key-holder-body.ts';
import { roleDefinitionBody } from '../../../simulator/tenant/role-definition-body.ts';
import type { TenantContents } from '../../../simulator/tenant/tenant-contents.ts';
import { createArmClient, toNames } from './arm-client.ts';
import { startForTest, subscription, subscriptionId, tenantId } from './tenant-clients.ts';

const other = '/subscriptions/99999999-aaaa-4bbb-8ccc-999999999999';
const vault = vaultBody({ tenantId, subscription, group: 'rg', name: 'kv', location: 'westeurope' });
const landing = '/providers/Microsoft.Management/managementGroups/landing';
const managementGroups = [{ name: 'landing', displayName: 'Landing zones', subscriptions: [subscriptionId] }];
const custom = roleDefinitionBody({
  roleName: 'Key wrapper',
  assignableScopes: [subscription],
  dataActions: ['Microsoft.KeyVault/vaults/keys/*'],
  notDataActions: ['Microsoft.KeyVault/vaults/keys/purge/action'],
});
const inGroup = roleDefinitionBody({
  roleName: 'Landing role',
  assignableScopes: [landing],
  actions: ['*/read'],
});
const elsewhere = roleDefinitionBody({ roleName: 'Other role', assignableScopes: [other], actions: ['*'] });
const list = (scope: string) => `${scope}/providers/Microsoft.Authorization/roleDefinitions`;

async function start(contents: Partial<TenantContents> = {}) {
  const resources = [vault, custom, inGroup, elsewhere];
  const { tenant } = await startForTest({ resources, managementGroups, ...contents });
  return { tenant, ...createArmClient(tenant) };
}

describe('a role definition', () => {
  test.each(['', subscription])('that is built in is read at "%s"', async (scope) => {
    const { get } = await start();
    const id = `${list(scope)}/e147488a-f6f5-4113-8e2d-b22465e65bf6`;
    const { status, body } = await get(id);
    expect(status).toBe(200);
    expect(body).toEqual({
      properties: {
        roleName: 'Key Vault Crypto Service Encryption User',
        type: 'BuiltInRole',
        description: expect.any(String),
        assignableScopes: ['/'],
        permissions: [
          {
            actions: [
              'Microsoft.EventGrid/eventSubscriptions/write',
              'Microsoft.EventGrid/eventSubscriptions/read',
              'Microsoft.EventGrid/eventSubscriptions/delete',
            ],
            notActions: [],
            dataActions: [
              'Microsoft.KeyVault/vaults/keys/read',
              'Microsoft.KeyVault/vaults/keys/wrap/action',
              'Microsoft.KeyVault/vaults/keys/unwrap/action',
            ],
            notDataActions: [],
          },
        ],
        createdOn: expect.any(String),
        updatedOn: expect.any(String),
        createdBy: null,
        updatedBy: null,
      },
      id,
      type: 'Microsoft.Authorization/roleDefinitions',
      name: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    });
  });

  test.each<[guid: string, roleName: string]>([
    ['8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner'],
    ['b24988ac-6180-42a0-ab88-20f7382dd24c', 'Contributor'],
    ['acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader'],
    ['18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator'],
    ['f58310d9-a9f6-439a-9e8d-f62e7b41a168', 'Role Based Access Control Administrator'],
    ['00482a5a-887f-4fb3-b363-3b7fe8e74483', 'Key Vault Administrator'],
    ['14b46e9e-c2b7-41b4-b07b-48a6ebf60603', 'Key Vault Crypto Officer'],
    ['12338af0-0e69-4776-bea7-57ae8d297424', 'Key Vault Crypto User'],
    ['f25e0fa2-a7c8-4377-a976-54943a77a395', 'Key Vault Contributor'],
    ['21090545-7ca7-4776-b22c-e363652d74d2', 'Key Vault Reader'],
    ['7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull'],
    ['8311e382-0749-4cb8-b61a-304f252e45ec', 'AcrPush'],
    [
      '3bc748fc-213d-45c1-8d91-9da5725539b9',
      'Container Registry Contributor and Data Access Configuration Administrator',
    ],
    ['2efddaa5-3f1f-4df3-97df-af3f13818f4c', 'Container Registry Repository Contributor'],
  ])('%s is %s', async (guid, roleName) => {
    const { get } = await start();
    expect((await get(`${list(subscription)}/${guid.toUpperCase()}`)).body.properties).toMatchObject({
      roleName,
      type: 'BuiltInRole',
    });
  });

  test('that the tenant defines is read where it can be assigned, also when it is added later', async () => {
    const { tenant, get, refusal } = await start();
    const { body } = await get(`${list(subscription)}/${custom.name}`);
    expect(body).toEqual(custom);
    expect(body.properties).toMatchObject({
      type: 'CustomRole',
      permissions: [{ actions: [], notDataActions: ['Microsoft.KeyVault/vaults/keys/purge/action'] }],
    });
    expect((await get(`${list('')}/${custom.name}`)).status).toBe(200);
    expect((await get(`${list(subscription)}/${inGroup.name}`)).body.id).toBe(
      `${list(subscription)}/${inGroup.name}`,
    );
    const missing = '404 RoleDefinitionDoesNotExist';
    expect(await refusal(`${list(subscription)}/${elsewhere.name}`)).toBe(missing);
    expect(await refusal(`${list('')}/99999999-0000-4000-8000-000000000000`)).toBe(missing);
    const late = roleDefinitionBody({ roleName: 'Late', assignableScopes: [vault.id], actions: ['*'] });
    tenant.put(late);
    expect((await get(`${list(subscription)}/${late.name}`)).status).toBe(200);
    tenant.remove(late.id);
    expect(await refusal(`${list(subscription)}/${late.name}`)).toBe(missing);
  });

  test('is refused without permission', async () => {
    const action = 'Microsoft.Authorization/roleDefinitions/read';
    const { refusal, get } = await start({ unreadable: [{ scope: subscription, action }] });
    expect(await refusal(`${list(subscription)}/${custom.name}`)).toBe('403 AuthorizationFailed');
    expect((await get(`${list('')}/${custom.name}`)).status).toBe(200);
  });
});

test('role definitions are listed at a scope, by name and by type', async () => {
  const { pages } = await start();
  const named = async (scope: string, filter?: string) =>
    (await pages(list(scope), filter)).flat().map(({ properties }) => properties?.roleName);
  expect(await named(vault.id)).toEqual(expect.arrayContaining(['Owner', 'Key wrapper', 'Landing role']));
  expect(await named(vault.id)).not.toContain('Other role');
  expect(await named(subscription, "roleName eq 'reader'")).toEqual(['Reader']);
  expect((await named(vault.id, "atScopeAndBelow() and type eq 'CustomRole'")).sort()).toEqual([
    'Key wrapper',
    'Landing role',
  ]);
  expect(new Set(toNames(await pages(list(subscription)))).size).toBe((await named(subscription)).length);
});
