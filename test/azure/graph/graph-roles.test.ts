import { expect, it } from 'vitest';
import { createRoleAssignmentReader } from '../../../src/azure/graph/graph-roles.ts';
import type { WhichRoles } from '../../../src/monitor/ports/azure-ports.ts';
import { startTestRun } from '../arm/arm-fixture.ts';

const run = startTestRun();
const subscription = '/subscriptions/33333333-aaaa-4bbb-8ccc-444444444444';
const group = '/providers/Microsoft.Management/managementGroups/Zones';
const vault = `${subscription}/resourceGroups/RG/providers/Microsoft.KeyVault/vaults/kv`;
const role = '/providers/Microsoft.Authorization/roleDefinitions/e147488a-f6f5-4113-8e2d-b22465e65bf6';
const reading = { what: 'graph', id: 'q', at: '', from: 'POST', status: 200 } as const;

function toRow(scope: string, principalId: string, rest: Record<string, unknown> = {}) {
  const id = `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${principalId}`;
  return {
    id,
    principalId,
    principalType: 'ServicePrincipal',
    roleDefinitionId: role,
    scope,
    condition: null,
    ...rest,
  };
}

/** A graph that answers each batch of subscriptions with all rows, and knows the groups above one subscription. */
async function read(
  rows: unknown[],
  {
    ids = [subscription.split('/')[2] ?? ''],
    chain = ['Zones', 'Root'],
    which = 'reachingKeys' as WhichRoles,
  } = {},
) {
  const asked: { isAboveAsked: boolean | undefined; subscriptions: number; table: string }[] = [];
  const index = await createRoleAssignmentReader(async function* (query, subscriptionIds, _, isAboveAsked) {
    const table = query.split('\n')[0] ?? '';
    asked.push({ isAboveAsked, subscriptions: subscriptionIds.length, table });
    const groups = [
      {
        subscriptionId: subscription.split('/')[2]?.toUpperCase(),
        managementGroupAncestorsChain: chain.map((name) => ({ name })),
      },
    ];
    yield { rows: table === 'authorizationresources' ? rows : groups, reading };
  })(ids, { which }, run);
  const principalsAt = (scope: string) => {
    const answer = index.at(scope);
    return answer?.state === 'found' ? answer.value.map(({ principalId }) => principalId) : undefined;
  };
  return { asked, index, principalsAt };
}

it('finds what applies at a key, from the root of the tenant down to the key itself, in any casing', async () => {
  const { principalsAt, asked } = await read([
    toRow('/', 'root'),
    toRow(group, 'group'),
    toRow('/providers/Microsoft.Management/managementGroups/other', 'elsewhere'),
    toRow(subscription.toUpperCase(), 'subscription'),
    toRow(`${subscription}/resourceGroups/rg`, 'resource group'),
    toRow(`${subscription}/resourceGroups/rg2`, 'another group'),
    toRow(vault, 'vault'),
    toRow(`${vault}2`, 'another vault'),
    toRow(`${vault}/keys/KEY`, 'key'),
    toRow(`${vault}/keys/key2`, 'another key'),
  ]);
  expect(principalsAt(`${vault}/keys/key`)).toEqual([
    'root',
    'group',
    'subscription',
    'resource group',
    'vault',
    'key',
  ]);
  expect(asked.map(({ isAboveAsked, table }) => [table, isAboveAsked])).toEqual([
    ['authorizationresources', true],
    ['resourcecontainers', undefined],
  ]);
});

it('asks for management groups only where a role that may reach keys stands at one, and can’t tell where the graph does not', async () => {
  const plain = await read([toRow(vault, 'vault')]);
  expect(plain.asked).toHaveLength(1);
  expect(plain.principalsAt(vault)).toEqual(['vault']);
  const owner = '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
  const owned = await read([toRow(vault, 'vault'), toRow(group, 'owner', { roleDefinitionId: owner })]);
  expect(owned.asked).toHaveLength(1);
  expect(owned.principalsAt(vault)).toEqual(['vault']);
  const all = await read([toRow(vault, 'vault'), toRow(group, 'owner', { roleDefinitionId: owner })], {
    which: 'all',
  });
  expect(all.principalsAt(vault)).toEqual(['owner', 'vault']);
  const grouped = await read([toRow(vault, 'vault'), toRow(group, 'group')]);
  expect(grouped.principalsAt(vault.replace(/3{8}/, '44444444'))).toBeUndefined();
});

it('counts once what comes with several batches of subscriptions, and skips rows that are none', async () => {
  const ids = Array.from({ length: 1_001 }, (_, index) => `subscription-${index}`);
  const rows = [toRow('/', 'root'), toRow(group, 'group'), {}, null, 'row'];
  const { asked, principalsAt } = await read(rows, { ids });
  expect(asked.map(({ subscriptions }) => subscriptions)).toEqual([1_000, 1, 1_000, 1]);
  expect(principalsAt(vault)).toEqual(['root', 'group']);
});

it('keeps that there is a condition, and what it does not know of a principal', async () => {
  const { index } = await read([
    toRow(vault, 'conditional', { condition: '@Resource[x]' }),
    toRow(vault, 'untyped', { principalType: null }),
    toRow(vault, 'nobody', { principalId: undefined }),
  ]);
  const answer = index.at(vault);
  expect(answer?.state === 'found' && answer.value).toMatchObject([
    { principalId: 'conditional', condition: expect.any(String), roleDefinitionId: role },
    { principalId: 'untyped' },
    { principalId: '' },
  ]);
});
