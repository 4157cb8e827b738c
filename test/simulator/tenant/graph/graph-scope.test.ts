import type { AuthorizationScopeFilter } from '@azure/arm-resourcegraph';
import { describe, expect, test } from 'vitest';
import { generatedTenant } from '../../../../simulator/tenant/generated-tenant.ts';
import { vaultBody } from '../../../../simulator/tenant/key-holder-body.ts';
import { subscriptionBody } from '../../../../simulator/tenant/subscription-body.ts';
import type { ArmBody } from '../../../../simulator/tenant/tenant-contents.ts';
import { faultOf, first, firstId, second, secondId, startGraph, tenantId } from './graph-client.ts';

const vault = (subscription: string, name: string) =>
  vaultBody({ tenantId, subscription, group: 'rg', name, location: 'westeurope' });
const resources = [vault(first, 'kv-a'), vault(first, 'kv-b'), vault(second, 'kv-c')];
const names = 'resources | project name';
const managementGroups = [
  { name: 'root', displayName: 'Tenant Root Group' },
  { name: 'landing', displayName: 'Landing zones', parent: 'root', subscriptions: [firstId] },
  { name: 'other', displayName: 'Others', parent: 'root', subscriptions: [secondId] },
];

describe('a query sees', () => {
  test('all visible subscriptions, or those it names, or those below a management group', async () => {
    const { values } = await startGraph({ resources, managementGroups });
    expect(await values(names)).toEqual(['kv-a', 'kv-b', 'kv-c']);
    expect(await values(names, { subscriptions: [secondId.toUpperCase()] })).toEqual(['kv-c']);
    expect(await values(names, { managementGroups: ['LANDING'] })).toEqual(['kv-a', 'kv-b']);
    expect(await values(names, { managementGroups: ['root'] })).toEqual(['kv-a', 'kv-b', 'kv-c']);
  });

  test('nothing of hidden and unreadable subscriptions and resources, and does not say so', async () => {
    for (const contents of [{ hiddenSubscriptions: [secondId] }, { unreadable: [{ scope: second }] }]) {
      const { values } = await startGraph({ resources, ...contents });
      expect(await values(names, { subscriptions: [firstId, secondId] })).toEqual(['kv-a', 'kv-b']);
      expect(await values('resourcecontainers | project subscriptionId')).toEqual([firstId]);
    }
    const unreadable = [
      { scope: resources[0]?.id ?? '' },
      { scope: second, action: 'Microsoft.KeyVault/vaults/read' },
    ];
    const { values } = await startGraph({ resources, unreadable });
    expect(await values(names)).toEqual(['kv-b']);
    expect(await values('resourcecontainers | project name')).toEqual(['First', 'Second']);
  });

  test('403 where it may read none of the scopes that it names', async () => {
    const { ask } = await startGraph({ resources, managementGroups, hiddenSubscriptions: [secondId] });
    expect(await faultOf(ask(names, { subscriptions: [secondId] }))).toBe('403 AccessDenied AccessDenied');
    expect(await faultOf(ask(names, { managementGroups: ['none'] }))).toBe('403 AccessDenied AccessDenied');
  });
});

test('a query about no scope is cut at 10,000 subscriptions, and says so', async () => {
  const { tenant } = await startGraph(generatedTenant({ subscriptions: 10_001, registries: 1 }));
  const url = `${tenant.armEndpoint}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer any' },
    body: JSON.stringify({ query: 'resourcecontainers | count' }),
  });
  expect(response.headers.get('x-ms-tenant-subscription-limit-hit')).toBe('true');
  expect(await response.json()).toMatchObject({ data: [{ Count: 10_000 }] });
});

test('containers are subscriptions, with the groups above them, and management groups', async () => {
  const guest = '99999999-aaaa-4bbb-8ccc-999999999999';
  const { rows } = await startGraph({
    managementGroups,
    subscriptions: [
      subscriptionBody(first, 'First', tenantId),
      subscriptionBody(`/subscriptions/${secondId}`, 'Delegated', guest),
    ],
    resources,
  });
  const type = "type == 'microsoft.resources/subscriptions'";
  expect(
    await rows(
      `resourcecontainers | where ${type} | project id, name, tenantId, properties | order by id asc`,
    ),
  ).toMatchObject([
    {
      id: first,
      name: 'First',
      tenantId,
      properties: {
        state: 'Enabled',
        managementGroupAncestorsChain: [
          { name: 'landing', displayName: 'Landing zones' },
          { name: 'root', displayName: 'Tenant Root Group' },
        ],
      },
    },
    { name: 'Delegated', tenantId: guest },
  ]);
  expect(await rows("resources | where name == 'kv-c' | project tenantId")).toEqual([{ tenantId: guest }]);
  expect(
    await rows("resourcecontainers | where type has 'managementgroups' | project name | order by name asc"),
  ).toEqual([{ name: 'landing' }, { name: 'other' }, { name: 'root' }]);
});

describe('role assignments', () => {
  const group = '/providers/Microsoft.Management/managementGroups/landing';
  const assignments = [
    assignment('', 'a-tenant'),
    assignment(group, 'b-group'),
    assignment(first, 'c-subscription'),
    assignment(resources[0]?.id ?? '', 'd-vault'),
    assignment(second, 'e-other'),
  ];
  const query =
    "authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | project name";
  const at = { subscriptions: [firstId] };

  test('are rows of their own table only', async () => {
    const { rows, values } = await startGraph({
      resources: [...resources, ...assignments],
      managementGroups,
    });
    expect(await values(query)).toEqual(['a-tenant', 'b-group', 'c-subscription', 'd-vault', 'e-other']);
    expect(await values(names)).toEqual(['kv-a', 'kv-b', 'kv-c']);
    const where = "where name == 'd-vault' | project type, resourceGroup, properties.principalId";
    expect(await rows(`AuthorizationResources | ${where}`)).toEqual([
      {
        type: 'microsoft.authorization/roleassignments',
        resourceGroup: 'rg',
        properties_principalId: 'principal of d-vault',
      },
    ]);
  });

  test.each<[AuthorizationScopeFilter, string[]]>([
    ['AtScopeAndBelow', ['c-subscription', 'd-vault']],
    ['AtScopeAndAbove', ['a-tenant', 'b-group', 'c-subscription']],
    ['AtScopeExact', ['c-subscription']],
    ['AtScopeAboveAndBelow', ['a-tenant', 'b-group', 'c-subscription', 'd-vault']],
  ])('are seen %s', async (filter, expected) => {
    const { values } = await startGraph({ resources: [...resources, ...assignments], managementGroups });
    expect(await values(query, { ...at, authorizationScopeFilter: filter })).toEqual(expected);
  });

  test('inherited from above are left out unless they are asked for', async () => {
    const { values } = await startGraph({ resources: [...resources, ...assignments], managementGroups });
    expect(await values(query, at)).toEqual(['c-subscription', 'd-vault']);
  });

  test('of several subscriptions come with what is above each of them, once', async () => {
    const { values } = await startGraph({ resources: [...resources, ...assignments], managementGroups });
    const both = { subscriptions: [firstId, secondId] };
    const ask = (filter: AuthorizationScopeFilter) =>
      values(query, { ...both, authorizationScopeFilter: filter });
    expect(await ask('AtScopeAboveAndBelow')).toEqual([
      'a-tenant',
      'b-group',
      'c-subscription',
      'd-vault',
      'e-other',
    ]);
    expect(await ask('AtScopeExact')).toEqual(['c-subscription', 'e-other']);
    expect(
      await values(query, { subscriptions: [secondId], authorizationScopeFilter: 'AtScopeAboveAndBelow' }),
    ).toEqual(['a-tenant', 'e-other']);
  });
});

function assignment(scope: string, name: string): ArmBody {
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      scope: scope || '/',
      principalId: `principal of ${name}`,
      principalType: 'ServicePrincipal',
    },
  };
}
