import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import readActions from '../../../infra/read-actions.json' with { type: 'json' };
import type { ArmInterceptor } from '../../../simulator/tenant/arm-listener.ts';
import { eventSubscriptionBody, systemTopicBody } from '../../../simulator/tenant/event-body.ts';
import { functionAppBody, toEventFunctionId } from '../../../simulator/tenant/function-app-body.ts';
import { policyBody } from '../../../simulator/tenant/policy-body.ts';
import {
  type SimulatedTenantOptions,
  startSimulatedTenant,
} from '../../../simulator/tenant/simulated-tenant.ts';
import { subscriptionBody } from '../../../simulator/tenant/subscription-body.ts';
import type { TenantContents } from '../../../simulator/tenant/tenant-contents.ts';
import { connectAzure } from '../../../src/azure/connect.ts';
import { startTestRun, subscription, subscriptionId, tenantId, token } from './arm-fixture.ts';

const place = { subscription, group: 'rg-monitor' };
const app = functionAppBody({ ...place, name: 'func-monitor' });
const functionId = toEventFunctionId(app);
const topic = systemTopicBody({ ...place, name: 'evgt-subscription' });
const otherTopic = systemTopicBody({
  ...place,
  name: 'evgt-storage',
  topicType: 'microsoft.storage.storageaccounts',
});
const guid = '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53';
const policyId = `/providers/Microsoft.Authorization/policyDefinitions/${guid}`;
const hiddenId = '55555555-aaaa-4bbb-8ccc-666666666666';
const group = {
  name: 'contoso',
  displayName: 'Contoso',
  subscriptions: [subscriptionId],
};
const groupId = '/providers/Microsoft.Management/managementGroups/contoso';

async function start(
  contents: Partial<TenantContents> = {},
  options: Partial<SimulatedTenantOptions> & { intercept?: ArmInterceptor } = {},
) {
  const { intercept, ...rest } = options;
  const tenant = await startSimulatedTenant({
    contents: {
      tenantId,
      subscriptions: [
        subscriptionBody(subscription, 'Production', tenantId),
        subscriptionBody(`/subscriptions/${hiddenId}`, 'Hidden', tenantId),
      ],
      hiddenSubscriptions: [hiddenId],
      managementGroups: [group],
      resources: [app],
      ...contents,
    },
    ...rest,
  });
  onTestFinished(() => tenant.close());
  tenant.intercept(intercept);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), tenant.certificate]);
  const { setup } = connectAzure({
    endpoint: tenant.armEndpoint,
    scope: 'https://management.azure.com/.default',
    cloud: 'AzureCloud',
    concurrency: 50,
    credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    now: () => new Date(),
  });
  return { tenant, setup, run: startTestRun() };
}

/** Answers everything whose path ends so with a refusal. */
function refuse(ending: string, status: number, code: string): ArmInterceptor {
  return ({ path }) =>
    path.toLowerCase().endsWith(ending.toLowerCase())
      ? { kind: 'json', status, body: { error: { code, message: 'no' } } }
      : undefined;
}

describe('permissions', () => {
  const allowed = Object.values(readActions).flat();
  const block = (actions: string[], notActions: string[] = []) => ({
    actions,
    notActions,
    dataActions: [],
    notDataActions: [],
  });

  it('are those that the identity has at a subscription or management group, less what is denied there', async () => {
    const denied = 'Microsoft.KeyVault/vaults/read';
    const { setup, run, tenant } = await start({ unreadable: [{ scope: subscription, action: denied }] });
    const here = await setup.readPermissions(subscription, run);
    const above = await setup.readPermissions(groupId, run);
    expect(here).toMatchObject({ value: [block(allowed.filter((action) => action !== denied))] });
    expect(above).toMatchObject({ state: 'found', value: [block(allowed)] });
    expect(tenant.calls.map(({ path, query }) => `${path}?${query['api-version']}`)).toEqual([
      `${subscription}/providers/Microsoft.Authorization/permissions?2022-04-01`,
      `${groupId}/providers/Microsoft.Authorization/permissions?2022-04-01`,
    ]);
  });

  it('come from all roles at the scope and above, page by page', async () => {
    const permissions = [
      { scope: groupId, value: [block(['*/read'], ['Microsoft.KeyVault/*']), { actions: ['a/read'] }] },
      { scope: subscription, value: [block(['b/read'])] },
      { scope: `${subscription}/resourceGroups/rg-monitor`, value: [block(['c/read'])] },
    ];
    const { setup, run } = await start({ permissions }, { pageSize: 1, emptyPages: true });
    const answer = await setup.readPermissions(subscription, run);
    expect(answer).toMatchObject({
      state: 'found',
      value: [block(['*/read'], ['Microsoft.KeyVault/*']), block(['a/read']), block(['b/read'])],
    });
    expect(run.calls).toBeGreaterThan(3);
  });

  it('that are in no known shape are a failure: they might permit anything', async () => {
    const permissions = [{ scope: subscription, value: [{ actions: 'everything' }] }];
    const { setup, run } = await start({ permissions });
    await expect(setup.readPermissions(subscription, run)).rejects.toThrow(
      `Reading permissions ${subscription}: a block in no known shape`,
    );
  });

  it('may not be readable, or their subscription out of sight', async () => {
    const action = 'Microsoft.Authorization/permissions/read';
    const { setup, run } = await start({ unreadable: [{ scope: subscription, action }] });
    expect(await setup.readPermissions(subscription, run)).toMatchObject({ state: 'forbidden' });
    expect(await setup.readPermissions(`/subscriptions/${hiddenId}`, run)).toMatchObject({
      state: 'subscriptionLost',
    });
    await expect(setup.readPermissions(`${groupId}-other`, run)).rejects.toThrow('HTTP 404');
  });
});

describe('a policy', () => {
  it('of Azure is read by its GUID', async () => {
    const { setup, run, tenant } = await start();
    expect(await setup.readPolicyName(guid, run)).toMatchObject({
      state: 'found',
      value: 'Key vaults should have deletion protection enabled',
    });
    expect(tenant.calls).toMatchObject([{ path: policyId, query: { 'api-version': '2025-03-01' } }]);
  });

  it('may have another name, not exist, or be forbidden', async () => {
    const other = policyBody({ guid, displayName: 'Something else' });
    const { setup, run, tenant } = await start({ resources: [other] });
    expect(await setup.readPolicyName(guid, run)).toMatchObject({ value: 'Something else' });
    tenant.remove(policyId);
    expect(await setup.readPolicyName(guid, run)).toMatchObject({ state: 'gone' });
    const forbidding = await start({ unreadable: [{ scope: policyId }] });
    expect(await forbidding.setup.readPolicyName(guid, run)).toMatchObject({ state: 'forbidden' });
  });
});

describe('event subscriptions', () => {
  const own = eventSubscriptionBody({ scope: subscription, name: 'own', functionId });
  const ofTopic = eventSubscriptionBody({ scope: topic.id, name: 'of-topic', functionId });
  const toIds = (answer: unknown) =>
    (answer as { value: { id: string }[] }).value.map(({ id }) => id.slice(id.lastIndexOf('/') + 1));

  it('are those of the subscription and of its system topic that lead to functions, page by page', async () => {
    const resources = [
      app,
      own,
      eventSubscriptionBody({ scope: subscription, name: 'own-too', functionId }),
      eventSubscriptionBody({ scope: subscription, name: 'webhook' }),
      topic,
      ofTopic,
      eventSubscriptionBody({ scope: topic.id, name: 'of-topic-too', functionId, state: 'Failed' }),
      eventSubscriptionBody({ scope: topic.id, name: 'webhook' }),
    ];
    const { setup, run } = await start({ resources }, { pageSize: 1, emptyPages: true });
    const answer = await setup.listEventSubscriptions(subscriptionId, run);
    expect(toIds(answer)).toEqual(['own', 'own-too', 'of-topic', 'of-topic-too']);
    expect(answer).toMatchObject({ value: [{}, {}, {}, { functionId, provisioningState: 'Failed' }] });
  });

  it('of a resource group, or of a topic of something else, tell nothing of the subscription', async () => {
    const resources = [
      app,
      eventSubscriptionBody({ scope: `${subscription}/resourceGroups/rg-monitor`, functionId }),
      eventSubscriptionBody({ scope: app.id, functionId }),
      otherTopic,
      eventSubscriptionBody({ scope: otherTopic.id, functionId }),
    ];
    const { setup, run, tenant } = await start({ resources });
    expect(toIds(await setup.listEventSubscriptions(subscriptionId, run))).toEqual([]);
    const provider = `${subscription}/providers/Microsoft.EventGrid`;
    expect(tenant.calls.map(({ path, query }) => `${path}?${query['api-version']}`)).toEqual([
      `${provider}/eventSubscriptions?2025-02-15`,
      `${provider}/systemTopics?2025-02-15`,
    ]);
  });

  it('are none where the subscription does not use Event Grid', async () => {
    const code = 'MissingSubscriptionRegistration';
    const { setup, run } = await start(
      {},
      {
        intercept: ({ path }) =>
          path.includes('EventGrid')
            ? { kind: 'json', status: 409, body: { error: { code, message: 'no' } } }
            : undefined,
      },
    );
    expect(await setup.listEventSubscriptions(subscriptionId, run)).toMatchObject({
      state: 'found',
      value: [],
    });
  });

  it('of a topic that is deleted meanwhile are none', async () => {
    const { setup, run } = await start(
      { resources: [own, topic, ofTopic] },
      { intercept: refuse('evgt-subscription/eventSubscriptions', 404, 'ResourceNotFound') },
    );
    expect(toIds(await setup.listEventSubscriptions(subscriptionId, run))).toEqual(['own']);
  });

  it.each([
    ['Microsoft.EventGrid/eventSubscriptions/read', subscription],
    ['Microsoft.EventGrid/systemTopics/read', subscription],
    ['Microsoft.EventGrid/systemTopics/eventSubscriptions/read', topic.id],
  ])('can’t be told without %s', async (action, scope) => {
    const { setup, run } = await start({
      resources: [own, topic, ofTopic],
      unreadable: [{ scope, action }],
    });
    expect(await setup.listEventSubscriptions(subscriptionId, run)).toMatchObject({ state: 'forbidden' });
  });

  it('can’t be told where the subscription is out of sight', async () => {
    const { setup, run } = await start();
    expect(await setup.listEventSubscriptions(hiddenId, run)).toMatchObject({ state: 'subscriptionLost' });
  });
});

describe('instances that are always ready', () => {
  it('are read from the app', async () => {
    const { setup, run, tenant } = await start();
    expect(await setup.readAlwaysReady(app.id, run)).toMatchObject({
      state: 'found',
      value: [{ name: 'function:resourceChanged', instanceCount: 1 }],
    });
    expect(tenant.calls).toMatchObject([{ path: app.id, query: { 'api-version': '2024-11-01' } }]);
  });

  it('are none, not told, gone or forbidden', async () => {
    const none = functionAppBody({ ...place, name: 'func-none', alwaysReady: {} });
    const premium = functionAppBody({ ...place, name: 'func-premium', alwaysReady: null });
    const secret = functionAppBody({ ...place, name: 'func-secret' });
    const { setup, run } = await start({
      resources: [none, premium, secret],
      unreadable: [{ scope: secret.id, action: 'Microsoft.Web/sites/read' }],
    });
    expect(await setup.readAlwaysReady(none.id, run)).toMatchObject({ state: 'found', value: [] });
    expect(await setup.readAlwaysReady(premium.id, run)).toMatchObject({ state: 'found', value: undefined });
    expect(await setup.readAlwaysReady(app.id, run)).toMatchObject({ state: 'gone' });
    expect(await setup.readAlwaysReady(secret.id, run)).toMatchObject({ state: 'forbidden' });
  });
});

describe('a call that fails', () => {
  const reads = {
    permissions: (reader: Awaited<ReturnType<typeof start>>) =>
      reader.setup.readPermissions(subscription, reader.run),
    policy: (reader: Awaited<ReturnType<typeof start>>) => reader.setup.readPolicyName(guid, reader.run),
    eventSubscriptions: (reader: Awaited<ReturnType<typeof start>>) =>
      reader.setup.listEventSubscriptions(subscriptionId, reader.run),
    functionApp: (reader: Awaited<ReturnType<typeof start>>) =>
      reader.setup.readAlwaysReady(app.id, reader.run),
  };

  it.each(Object.entries(reads))('throws what it was about, without the token: %s', async (what, read) => {
    const answers: ReturnType<ArmInterceptor>[] = [
      { kind: 'json', status: 400, body: { error: { code: 'BadRequest', message: token } } },
      { kind: 'text', status: 200, contentType: 'text/html', text: `<p>${token}</p>` },
    ];
    for (const answer of answers) {
      const reader = await start({}, { intercept: () => answer });
      const error = await read(reader).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error).toMatchObject({ name: 'ReadFailure', isSignIn: false });
      expect(error?.message).toMatch(new RegExp(`^Reading ${what} `));
      expect(error?.message).not.toContain(token);
    }
  });
});
