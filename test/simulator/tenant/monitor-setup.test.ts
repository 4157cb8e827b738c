import { describe, expect, test } from 'vitest';
import readActions from '../../../infra/read-actions.json' with { type: 'json' };
import { defaultTenant } from '../../../simulator/tenant/default-tenant.ts';
import { eventSubscriptionBody, systemTopicBody } from '../../../simulator/tenant/event-body.ts';
import { functionAppBody, toEventFunctionId } from '../../../simulator/tenant/function-app-body.ts';
import { builtInPolicies, policyBody } from '../../../simulator/tenant/policy-body.ts';
import type { SimulatedTenantOptions } from '../../../simulator/tenant/simulated-tenant.ts';
import type { TenantContents } from '../../../simulator/tenant/tenant-contents.ts';
import { createArmClient, toNames } from './arm-client.ts';
import { hiddenId, startForTest, subscription, subscriptionId } from './tenant-clients.ts';

const group = `${subscription}/resourceGroups/rg-Monitor`;
const app = functionAppBody({ subscription, group: 'rg-Monitor', name: 'func-monitor' });
const functionId = toEventFunctionId(app);
const topic = systemTopicBody({ subscription, group: 'rg-Monitor', name: 'evgt-own' });
const managementGroup = { name: 'contoso', displayName: 'Contoso', subscriptions: [subscriptionId] };
const groupId = '/providers/Microsoft.Management/managementGroups/contoso';

async function start(contents: Partial<TenantContents>, options: Partial<SimulatedTenantOptions> = {}) {
  const { tenant } = await startForTest({ managementGroups: [managementGroup], ...contents }, options);
  return { tenant, ...createArmClient(tenant) };
}

describe('permissions of the caller', () => {
  const at = (scope: string) => `${scope}/providers/Microsoft.Authorization/permissions`;
  const all = Object.values(readActions).flat();

  test('are all reads of the monitor, less what may not be read there', async () => {
    const denied = [
      { scope: subscription, action: 'Microsoft.KeyVault/vaults/read' },
      { scope: app.id, action: 'Microsoft.Authorization/locks/read' },
    ];
    const { get } = await start({ resources: [app], unreadable: denied });
    const actionsAt = async (scope: string) =>
      ((await get(at(scope))).body.value[0] as unknown as { actions: string[] }).actions;
    const inSubscription = all.filter((action) => action !== 'Microsoft.KeyVault/vaults/read');
    expect(await actionsAt(subscription.toUpperCase())).toEqual(inSubscription);
    expect(await actionsAt(group)).toEqual(inSubscription);
    expect(await actionsAt(app.id)).toEqual(
      inSubscription.filter((action) => action !== 'Microsoft.Authorization/locks/read'),
    );
    expect((await get(at(groupId))).body).toEqual({
      value: [{ actions: all, notActions: [], dataActions: [], notDataActions: [] }],
    });
  });

  test('are those of the contents, of the scope and above, page by page', async () => {
    const given = (scope: string, action: string) => ({ scope, value: [{ actions: [action] }] });
    const permissions = [
      given(groupId, 'above/read'),
      given(subscription.toUpperCase(), 'here/read'),
      given(group, 'below/read'),
    ];
    const { pages, get } = await start({ permissions }, { pageSize: 1 });
    expect(await pages(at(subscription))).toEqual([
      [{ actions: ['above/read'] }],
      [{ actions: ['here/read'] }],
    ]);
    expect(await pages(at(groupId))).toEqual([[{ actions: ['above/read'] }]]);
    const none = await start({ permissions: [] });
    expect((await none.get(at(subscription))).body).toEqual({ value: [] });
    expect((await get(at(subscription))).status).toBe(200);
  });

  test('are refused where the scope is not there, out of sight or not readable', async () => {
    const action = 'Microsoft.Authorization/permissions/read';
    const { refusal } = await start({ resources: [app], unreadable: [{ scope: group, action }] });
    expect(await refusal(at(group))).toBe('403 AuthorizationFailed');
    expect(await refusal(at(`/subscriptions/${hiddenId}`))).toBe('404 SubscriptionNotFound');
    expect(await refusal(at(`${subscription}/resourceGroups/rg-none`))).toBe('404 ResourceGroupNotFound');
    expect(await refusal(at(`${groupId}-other`))).toBe('404 NotFound');
  });
});

describe('event subscriptions', () => {
  const list = (scope: string) => `${scope}/providers/Microsoft.EventGrid/eventSubscriptions`;
  const bodies = [
    app,
    topic,
    eventSubscriptionBody({ scope: subscription, name: 'a-subscription', functionId }),
    eventSubscriptionBody({ scope: group, name: 'b-group', functionId }),
    eventSubscriptionBody({ scope: app.id, name: 'c-app', functionId }),
    eventSubscriptionBody({ scope: topic.id, name: 'd-topic', functionId }),
  ];

  test('of a subscription are listed with those of its groups, those of groups and resources by themselves', async () => {
    const { pages, get } = await start({ resources: bodies }, { pageSize: 1 });
    const at = async (scope: string) => toNames(await pages(list(scope)));
    expect(await at(subscription)).toEqual(['a-subscription', 'b-group']);
    expect(await at(group.toLowerCase())).toEqual(['b-group']);
    expect(await at(app.id)).toEqual(['c-app']);
    expect((await get(`${list(subscription)}/A-Subscription`)).body).toEqual(bodies[2]);
  });

  test('of a system topic are listed there, and end with it', async () => {
    const { tenant, pages, get, refusal } = await start({ resources: bodies });
    const ofTopic = `${topic.id}/eventSubscriptions`;
    expect(toNames(await pages(ofTopic))).toEqual(['d-topic']);
    expect((await get(`${ofTopic}/d-topic`)).body).toMatchObject({
      id: `${ofTopic}/d-topic`,
      type: 'Microsoft.EventGrid/systemTopics/eventSubscriptions',
      properties: {
        topic: topic.id,
        destination: { endpointType: 'AzureFunction', properties: { resourceId: functionId } },
      },
    });
    expect(await refusal(`${ofTopic}/none`)).toBe('404 ResourceNotFound');
    tenant.remove(topic.id);
    expect(await refusal(ofTopic)).toBe('404 ResourceNotFound');
    tenant.put(topic);
    expect(toNames(await pages(ofTopic))).toEqual([]);
    expect(toNames(await pages(list(subscription)))).toEqual(['a-subscription', 'b-group']);
  });

  test('and topics are refused without permission', async () => {
    const unreadable = [
      { scope: subscription, action: 'Microsoft.EventGrid/eventSubscriptions/read' },
      { scope: subscription, action: 'Microsoft.EventGrid/systemTopics/eventSubscriptions/read' },
    ];
    const { pages, refusal } = await start({ resources: bodies, unreadable });
    const topics = `${subscription}/providers/Microsoft.EventGrid/systemTopics`;
    expect(await refusal(list(subscription))).toBe('403 AuthorizationFailed');
    expect(await refusal(`${topic.id}/eventSubscriptions`)).toBe('403 AuthorizationFailed');
    expect(toNames(await pages(topics))).toEqual(['evgt-own']);
    const closed = await start({ unreadable: [{ scope: subscription }] });
    expect(await closed.refusal(topics)).toBe('403 AuthorizationFailed');
  });
});

describe('system topics and function apps', () => {
  test('are listed and read like any resource', async () => {
    const { pages, get, refusal } = await start({ resources: [app, topic] });
    const ofType = (type: string) => `${subscription}/providers/${type}`;
    expect(toNames(await pages(ofType('Microsoft.EventGrid/systemTopics')))).toEqual(['evgt-own']);
    expect(toNames(await pages(ofType('Microsoft.Web/sites')))).toEqual(['func-monitor']);
    expect((await get(topic.id)).body).toEqual(topic);
    expect((await get(app.id.toLowerCase())).body).toEqual(app);
    expect(await refusal(`${app.id}-other`)).toBe('404 ResourceNotFound');
  });
});

describe('policies', () => {
  const [first] = builtInPolicies();
  const id = first?.id ?? '';

  test('of Azure are in every tenant', async () => {
    const { get } = await start({ resources: [] });
    for (const policy of builtInPolicies()) expect((await get(policy.id)).body).toEqual(policy);
  });

  test('can have another name, be taken away, and be refused', async () => {
    const guid = id.slice(id.lastIndexOf('/') + 1);
    const other = policyBody({ guid, displayName: 'Another name' });
    const { tenant, get, refusal } = await start({ resources: [other] });
    expect((await get(id)).body.properties?.displayName).toBe('Another name');
    tenant.remove(id);
    expect(await refusal(id)).toBe('404 PolicyDefinitionNotFound');
    const action = 'Microsoft.Authorization/policyDefinitions/read';
    const closed = await start({ unreadable: [{ scope: '/', action }] });
    expect(await closed.refusal(id)).toBe('403 AuthorizationFailed');
  });
});

test('the default tenant’s events reach the monitor from all subscriptions but the sandbox', () => {
  const { subscriptions, resources } = defaultTenant();
  const [monitor] = resources.filter(({ type }) => type === 'Microsoft.Web/sites');
  const leading = resources.filter(
    ({ type, properties }) =>
      type?.endsWith('/eventSubscriptions') &&
      JSON.stringify(properties?.destination).includes(`${monitor?.id}/functions/resourceChanged`),
  );
  const without = subscriptions.filter(({ id }) => !leading.some((one) => one.id.startsWith(`${id}/`)));
  expect(without.map(({ displayName }) => displayName)).toEqual(['Contoso Sandbox']);
});
