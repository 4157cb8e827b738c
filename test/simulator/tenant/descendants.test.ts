import { expect, test } from 'vitest';
import { startForTest, subscriptionId } from './tenant-clients.ts';

const groups = [
  { name: 'root', displayName: 'Tenant Root Group' },
  { name: 'landing', displayName: 'Landing zones', parent: 'root' },
  { name: 'corp', displayName: 'Corp', parent: 'landing', subscriptions: [subscriptionId] },
];
const groupId = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;

async function start(pageSize = 100) {
  const unreadable = [{ scope: groupId('landing') }];
  const { tenant } = await startForTest({ managementGroups: groups, unreadable }, { pageSize });
  return async (pathOrUrl: string) => {
    const url = pathOrUrl.startsWith('/')
      ? `${tenant.armEndpoint}${pathOrUrl}/descendants?api-version=2020-05-01`
      : pathOrUrl;
    const response = await fetch(url, { headers: { authorization: 'Bearer any' } });
    const body = (await response.json()) as {
      value: { name: string }[];
      nextLink?: string;
      error?: { code: string };
    };
    return { status: response.status, ...body };
  };
}

test('lists everything below a management group with its parent', async () => {
  const ask = await start();
  expect(await ask(groupId('ROOT'))).toEqual({
    status: 200,
    value: [
      {
        id: groupId('corp'),
        type: 'Microsoft.Management/managementGroups',
        name: 'corp',
        properties: { displayName: 'Corp', parent: { id: groupId('landing') } },
      },
      {
        id: groupId('landing'),
        type: 'Microsoft.Management/managementGroups',
        name: 'landing',
        properties: { displayName: 'Landing zones', parent: { id: groupId('root') } },
      },
      {
        id: `/subscriptions/${subscriptionId}`,
        type: '/subscriptions',
        name: subscriptionId,
        properties: { displayName: 'Production', parent: { id: groupId('corp') } },
      },
    ],
  });
  expect((await ask(groupId('corp'))).value.map((one) => one.name)).toEqual([subscriptionId]);
});

test('is followed over pages', async () => {
  const ask = await start(2);
  const { value, nextLink = '' } = await ask(groupId('root'));
  expect([...value, ...(await ask(nextLink)).value].map((one) => one.name)).toEqual([
    'corp',
    'landing',
    subscriptionId,
  ]);
});

test('is refused for an unknown group and for one that may not be read', async () => {
  const ask = await start();
  expect(await ask(groupId('none'))).toMatchObject({ status: 404, error: { code: 'NotFound' } });
  expect(await ask(groupId('landing'))).toMatchObject({
    status: 403,
    error: { code: 'AuthorizationFailed' },
  });
});
