import { describe, expect, test } from 'vitest';
import { keyBody, vaultBody } from '../../../simulator/tenant/key-holder-body.ts';
import { registryBody } from '../../../simulator/tenant/registry-body.ts';
import { roleAssignmentBody } from '../../../simulator/tenant/role-assignment-body.ts';
import type { SimulatedTenantOptions } from '../../../simulator/tenant/simulated-tenant.ts';
import type { TenantContents } from '../../../simulator/tenant/tenant-contents.ts';
import { createArmClient, toNames } from './arm-client.ts';
import { hiddenId, startForTest, subscription, subscriptionId, tenantId } from './tenant-clients.ts';

const place = { tenantId, subscription, group: 'rg-Keys', location: 'westeurope' };
const vault = vaultBody({ ...place, name: 'kv-images' });
const key = keyBody(vault, { name: 'images' });
const otherVault = vaultBody({ ...place, name: 'kv-images-2' });
const registry = registryBody({ subscription, group: 'rg-images', name: 'images', location: 'westeurope' });
const hidden = `/subscriptions/${hiddenId}`;
const groupId = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;
const managementGroups = [
  { name: 'root', displayName: 'Tenant Root Group', subscriptions: [hiddenId] },
  { name: 'landing', displayName: 'Landing zones', parent: 'root', subscriptions: [subscriptionId] },
  { name: 'other', displayName: 'Others', parent: 'root' },
];
const principalId = 'aaaaaaaa-0000-4000-8000-000000000001';
const at = (scope: string, name: string) =>
  roleAssignmentBody({ scope, name, role: 'Key Vault Crypto Service Encryption User', principalId });
const assignments = [
  at('/', 'a-tenant'),
  at(groupId('root'), 'b-root'),
  at(groupId('landing'), 'c-landing'),
  at(groupId('other'), 'd-other-group'),
  at(subscription, 'e-subscription'),
  at(`${subscription}/resourceGroups/RG-KEYS`, 'f-group'),
  at(vault.id, 'g-vault'),
  at(key.id, 'h-key'),
  at(otherVault.id, 'i-other-vault'),
  at(registry.id, 'j-registry'),
  at(hidden, 'k-hidden'),
];
const inherited = ['a-tenant', 'b-root', 'c-landing', 'e-subscription'];
const list = (scope: string) => `${scope}/providers/Microsoft.Authorization/roleAssignments`;

async function start(contents: Partial<TenantContents> = {}, options: Partial<SimulatedTenantOptions> = {}) {
  const resources = [vault, key, otherVault, registry, ...assignments];
  const { tenant } = await startForTest({ resources, managementGroups, ...contents }, options);
  return { tenant, ...createArmClient(tenant) };
}

describe('role assignments', () => {
  test.each<[scope: string, names: string[]]>([
    [key.id, [...inherited, 'f-group', 'g-vault', 'h-key']],
    [
      key.id.toUpperCase().replace('/SUBSCRIPTIONS/', '/subscriptions/'),
      [...inherited, 'f-group', 'g-vault', 'h-key'],
    ],
    [`${vault.id}/keys/none`, [...inherited, 'f-group', 'g-vault']],
    [vault.id, [...inherited, 'f-group', 'g-vault']],
    [registry.id, [...inherited, 'j-registry']],
    [`${subscription}/resourceGroups/rg-keys`, [...inherited, 'f-group']],
    [subscription, inherited],
    [groupId('landing'), ['a-tenant', 'b-root', 'c-landing']],
    ['', ['a-tenant']],
  ])('at %s and above are those that apply there', async (scope, names) => {
    const { pages } = await start();
    expect(toNames(await pages(list(scope), 'atScope()')).sort()).toEqual(names);
  });

  test.each<[scope: string, below: string[]]>([
    [key.id, []],
    [vault.id, ['h-key']],
    [`${subscription}/resourceGroups/rg-keys`, ['g-vault', 'h-key', 'i-other-vault']],
    [subscription, ['f-group', 'g-vault', 'h-key', 'i-other-vault', 'j-registry']],
    [
      '',
      [
        'b-root',
        'c-landing',
        'd-other-group',
        'e-subscription',
        'f-group',
        'g-vault',
        'h-key',
        'i-other-vault',
        'j-registry',
      ],
    ],
  ])('below %s are shown without a filter', async (scope, below) => {
    const { pages } = await start();
    const names = toNames(await pages(list(scope)));
    const above = toNames(await pages(list(scope), 'atScope()'));
    expect(names.filter((name) => !above.includes(name)).sort()).toEqual(below);
  });

  test('below a management group are those of its groups and visible subscriptions', async () => {
    const { pages } = await start();
    expect(toNames(await pages(list(groupId('root')))).sort()).toEqual([
      'a-tenant',
      'b-root',
      'c-landing',
      'd-other-group',
      'e-subscription',
      'f-group',
      'g-vault',
      'h-key',
      'i-other-vault',
      'j-registry',
    ]);
  });

  test('look as Azure shows them, the role named in the subscription that was asked', async () => {
    const { pages } = await start();
    const shown = (await pages(list(vault.id), 'atScope()')).flat();
    const [tenantWide] = shown.filter(({ name }) => name === 'a-tenant');
    expect(tenantWide).toEqual({
      properties: {
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/e147488a-f6f5-4113-8e2d-b22465e65bf6`,
        principalId,
        principalType: 'ServicePrincipal',
        scope: '/',
        condition: null,
        conditionVersion: null,
        createdOn: expect.any(String),
        updatedOn: expect.any(String),
        createdBy: expect.any(String),
        updatedBy: expect.any(String),
        delegatedManagedIdentityResourceId: null,
        description: null,
      },
      id: '/providers/Microsoft.Authorization/roleAssignments/a-tenant',
      type: 'Microsoft.Authorization/roleAssignments',
      name: 'a-tenant',
    });
    expect(shown.find(({ name }) => name === 'g-vault')?.properties?.scope).toBe(vault.id);
  });

  test('are answered by their id', async () => {
    const { get, refusal } = await start();
    const { status, body } = await get(`${list(vault.id)}/G-VAULT`);
    expect([status, body.name]).toEqual([200, 'g-vault']);
    expect(await refusal(`${list(vault.id)}/h-key`)).toBe('404 RoleAssignmentNotFound');
  });

  test('come in pages, empty ones among them', async () => {
    for (const emptyPages of [false, true]) {
      const { pages } = await start({}, { pageSize: 3, emptyPages });
      const found = await pages(list(key.id), 'atScope()');
      expect(found.map((page) => page.length)).toEqual(emptyPages ? [3, 0, 3, 0, 1, 0, 0] : [3, 3, 1]);
      expect(new Set(toNames(found)).size).toBe(7);
    }
  });

  test('are narrowed to a principal', async () => {
    const other = roleAssignmentBody({ scope: vault.id, role: 'Owner', principalId: 'someone', name: 'own' });
    const { pages, refusal } = await start({ resources: [vault, key, ...assignments, other] });
    expect(toNames(await pages(list(vault.id), "principalId eq 'SOMEONE'"))).toEqual(['own']);
    expect(toNames(await pages(list(vault.id), "atScope() and assignedTo('someone')"))).toEqual(['own']);
    expect(toNames(await pages(list(key.id), 'principalId eq someone'))).toEqual(['own']);
    expect(await refusal(list(vault.id), { $filter: "name eq 'x'" })).toBe('400 InvalidFilterInQueryString');
  });
});

describe('role assignments that can not be read', () => {
  test('are refused by subscription, group, resource and permission', async () => {
    const unreadable = [{ scope: vault.id, action: 'Microsoft.Authorization/roleAssignments/read' }];
    const { get, refusal } = await start({ unreadable });
    const { status, body } = await get(list(key.id), { $filter: 'atScope()' });
    expect([status, body.error?.code]).toEqual([403, 'AuthorizationFailed']);
    expect(body.error?.message).toContain(
      `'Microsoft.Authorization/roleAssignments/read' over scope '${key.id}'`,
    );
    expect((await get(vault.id)).status).toBe(200);
    expect((await get(list(otherVault.id))).status).toBe(200);
    expect(await refusal(list(hidden))).toBe('404 SubscriptionNotFound');
    expect(await refusal(list(`${subscription}/resourceGroups/none`))).toBe('404 ResourceGroupNotFound');
    expect(await refusal(list(vault.id.replace('kv-images', 'kv-none')))).toBe('404 ResourceNotFound');
    expect(await refusal(list(groupId('none')))).toBe('404 NotFound');
  });
});

describe('role assignments at run time', () => {
  const names = 'authorizationresources';

  test('are there at once, while Resource Graph lags', async () => {
    let now = 1_000_000;
    const { tenant, pages } = await start(
      { resources: [vault, key] },
      { now: () => now, graph: { delay: 60_000 } },
    );
    const graphNames = async () => {
      const query = `${names} | where type =~ 'microsoft.authorization/roleassignments' | project id, name`;
      const response = await fetch(
        `${tenant.armEndpoint}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`,
        { method: 'POST', headers: { authorization: 'Bearer any' }, body: JSON.stringify({ query }) },
      );
      return ((await response.json()) as { data: { name: string }[] }).data.map(({ name }) => name);
    };
    const granted = at(key.id, 'granted');
    tenant.put(granted);
    expect(toNames(await pages(list(key.id), 'atScope()'))).toEqual(['granted']);
    expect(await graphNames()).toEqual([]);
    now += 60_001;
    expect(await graphNames()).toEqual(['granted']);
    tenant.remove(granted.id);
    expect(toNames(await pages(list(key.id), 'atScope()'))).toEqual([]);
    expect(await graphNames()).toEqual(['granted']);
    now += 60_001;
    expect(await graphNames()).toEqual([]);
  });

  test('end with their vault, and do not come back with it', async () => {
    const { tenant, pages } = await start();
    tenant.remove(vault.id);
    tenant.put(vault);
    expect(toNames(await pages(list(key.id), 'atScope()')).sort()).toEqual([...inherited, 'f-group']);
    expect(toNames(await pages(list(otherVault.id), 'atScope()'))).toContain('i-other-vault');
  });

  test('outlive a key, of whose end Resource Manager does not hear', async () => {
    const { tenant, pages } = await start();
    tenant.remove(key.id);
    expect(toNames(await pages(list(key.id), 'atScope()'))).toContain('h-key');
  });
});
