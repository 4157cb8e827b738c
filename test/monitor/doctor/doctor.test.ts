import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import readActions from '../../../infra/read-actions.json' with { type: 'json' };
import unlistedActions from '../../../infra/unlisted-actions.json' with { type: 'json' };
import { eventSubscriptionBody } from '../../../simulator/tenant/event-body.ts';
import { functionAppBody, toEventFunctionId } from '../../../simulator/tenant/function-app-body.ts';
import { policyBody } from '../../../simulator/tenant/policy-body.ts';
import { subscriptionBody } from '../../../simulator/tenant/subscription-body.ts';
import { ReadFailure } from '../../../src/domain/estate/read-failure.ts';
import { guardrails } from '../../../src/monitor/doctor/check-guardrails.ts';
import { tenantId } from '../../simulator/tenant/tenant-clients.ts';
import { hiddenId, otherId, otherSubscription, subscription, subscriptionId } from '../bodies.ts';
import {
  app,
  functionId,
  goodResources,
  type SetupOptions,
  secrets,
  startSetup,
  unreachableSink,
} from './doctor-setup.ts';

const other = `Other (${otherId})`;
const production = `Production (${subscriptionId})`;
const group = { name: 'contoso', displayName: 'Contoso', subscriptions: [subscriptionId, otherId] };
const groupId = '/providers/Microsoft.Management/managementGroups/contoso';

/** The check of one name in a set-up that is good but for the options. */
async function check(name: string, options: SetupOptions = {}) {
  const { check } = await startSetup(options);
  return check(name);
}

/** Answers everything whose path holds this with a refusal that is not tried again. */
function failing(part: string) {
  return ({ path }: { path: string }) =>
    path.toLowerCase().includes(part.toLowerCase())
      ? { kind: 'json' as const, status: 400, body: { error: { code: 'BadRequest', message: 'no' } } }
      : undefined;
}

describe('a good set-up', () => {
  it('is found to be so, check by check', async () => {
    const { examine } = await startSetup({
      managementGroups: [group],
      watched: { subscriptionIds: [], managementGroup: 'contoso' },
    });
    const checks = await examine();
    expect(checks.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      'Identity: ok',
      'Management group: ok',
      'Subscriptions: ok',
      'Read actions: ok',
      'Resource Graph: ok',
      'Table Storage: ok',
      'Webhook: ok',
      'Event subscriptions: ok',
      'Always-ready instance: ok',
      'Guardrail policies: ok',
    ]);
    expect(checks.map(({ message }) => message)).toEqual([
      `client-1 (object object-1, tenant ${tenantId})`,
      '2 subscriptions below contoso can be listed',
      `2 of 2 in sight are watched: ${production}; ${other}`,
      `all ${readActions.sweep.length + readActions.doctor.length - unlistedActions.length} are permitted in 2 subscriptions`,
      'answers for 2 subscriptions',
      'answers; nothing was swept yet; 0 alerts pending',
      'took a signed test alert',
      'each of 2 subscriptions has one that leads to the monitor',
      'one is kept for events',
      'all 3 exist under the expected names',
    ]);
  });

  it('is found so page by page, too', async () => {
    const { examine } = await startSetup({ tenantOptions: { pageSize: 1, emptyPages: true } });
    const outcomes = (await examine()).map(({ name, outcome }) => `${name}: ${outcome}`);
    expect(outcomes.filter((one) => !one.endsWith(': ok'))).toEqual(['Management group: skipped']);
  });

  it('is only read', async () => {
    const { examine, tenant } = await startSetup();
    await examine();
    const writes = tenant.calls.filter(
      ({ method, path }) => method !== 'GET' && !path.endsWith('Microsoft.ResourceGraph/resources'),
    );
    expect(writes).toEqual([]);
  });
});

describe('the sign-in', () => {
  it('that fails ends all checks', async () => {
    const { examine } = await startSetup({
      ports: { whoAmI: () => Promise.reject(new ReadFailure('Nobody is signed in', { isSignIn: true })) },
    });
    await expect(examine()).rejects.toMatchObject({ isSignIn: true });
  });
});

describe('subscriptions', () => {
  it('none of which are in sight have failed, and what they are needed for is skipped', async () => {
    const { examine } = await startSetup({ subscriptions: [], resources: [] });
    const checks = Object.fromEntries((await examine()).map((one) => [one.name, one]));
    expect(checks.Subscriptions).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/^none is in sight: assign the monitor’s role /),
    });
    for (const name of ['Read actions', 'Resource Graph', 'Event subscriptions']) {
      expect(checks[name]).toMatchObject({
        outcome: 'skipped',
        message: expect.stringContaining('there is no subscription'),
      });
    }
    expect(checks['Always-ready instance']?.outcome).toBe('skipped');
    expect(checks['Table Storage']?.outcome).toBe('ok');
  });

  it('that SUBSCRIPTION_IDS names and nobody sees are named', async () => {
    expect(
      await check('Subscriptions', {
        watched: { subscriptionIds: [otherId.toUpperCase(), hiddenId] },
      }),
    ).toEqual({
      name: 'Subscriptions',
      outcome: 'failed',
      message: `not in sight: ${hiddenId}: assign the monitor’s role there, or take them out of SUBSCRIPTION_IDS or the management group. 1 of 2 in sight are watched: ${other}`,
    });
  });

  it('of the management group alone are watched where one is set', async () => {
    const watched = { subscriptionIds: [], managementGroup: 'contoso' };
    const managementGroups = [{ ...group, subscriptions: [otherId] }];
    expect(await check('Subscriptions', { watched, managementGroups })).toMatchObject({
      outcome: 'ok',
      message: `1 of 2 in sight are watched: ${other}`,
    });
  });

  it('are all looked at where the management group can’t be read', async () => {
    const watched = { subscriptionIds: [], managementGroup: 'contoso' };
    const { examine } = await startSetup({ watched });
    const [, managementGroup, subscriptions, actions] = await examine();
    expect(managementGroup?.outcome).toBe('failed');
    expect(subscriptions).toMatchObject({
      outcome: 'warning',
      message: 'all 2 in sight are looked at, as the management group can’t be read',
    });
    expect(actions).toMatchObject({ message: expect.stringContaining('in 2 subscriptions') });
  });

  it('that can’t be listed have failed, and the rest is looked at all the same', async () => {
    const { tenant, examine } = await startSetup();
    tenant.intercept(({ path }) =>
      path === '/subscriptions'
        ? { kind: 'json', status: 400, body: { error: { code: 'BadRequest' } } }
        : undefined,
    );
    const checks = Object.fromEntries((await examine()).map((one) => [one.name, one]));
    expect(checks.Subscriptions).toMatchObject({
      outcome: 'failed',
      message: 'Reading subscription /subscriptions: HTTP 400 (BadRequest)',
    });
    expect(checks.Webhook?.outcome).toBe('ok');
    expect(checks['Guardrail policies']?.outcome).toBe('ok');
  });

  it('in an odd shape are told', async () => {
    const { tenant, check } = await startSetup();
    tenant.intercept(({ path }) =>
      path === '/subscriptions' ? { kind: 'json', status: 200, body: { value: [{ id: 7 }] } } : undefined,
    );
    expect(await check('Subscriptions')).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('the body lacks subscriptionId'),
    });
  });
});

describe('read actions', () => {
  it.each(readActions.sweep.filter((action) => !unlistedActions.includes(action)))(
    'that sweeps need are missed by name and subscription: %s',
    async (action) => {
      expect(await check('Read actions', { unreadable: [{ scope: otherSubscription, action }] })).toEqual({
        name: 'Read actions',
        outcome: 'failed',
        message: `${other} lacks ${action}; assign the monitor’s role there, or deploy it again`,
      });
    },
  );

  it('that only these checks need are missed as well, and no failure', async () => {
    const action = 'Microsoft.EventGrid/systemTopics/read';
    expect(await check('Read actions', { unreadable: [{ scope: subscription, action }] })).toMatchObject({
      outcome: 'warning',
      message: expect.stringMatching(new RegExp(`^Production \\(.+\\) lacks ${action};`)),
    });
  });

  it('that Azure grants nobody by name are not missed', async () => {
    expect(unlistedActions.length).toBeGreaterThan(0);
    const unreadable = unlistedActions.map((action) => ({ scope: subscription, action }));
    expect(await check('Read actions', { unreadable })).toMatchObject({ outcome: 'ok' });
  });

  it('may be granted by wildcards, and taken away again', async () => {
    const block = (actions: string[], notActions: string[] = []) => [{ actions, notActions }];
    const reader = { scope: groupId, value: block(['*/read']) };
    const given = { managementGroups: [group], permissions: [reader] };
    expect(await check('Read actions', given)).toMatchObject({ outcome: 'ok' });
    const narrowed = { scope: groupId, value: block(['*/read'], ['Microsoft.KeyVault/vaults/keys/*']) };
    expect(await check('Read actions', { ...given, permissions: [narrowed] })).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining(
        `${production} lacks Microsoft.KeyVault/vaults/keys/read, Microsoft.KeyVault/vaults/keys/versions/read`,
      ),
    });
  });

  it('that can’t be read in one subscription are told of the others', async () => {
    const unreadable = [
      { scope: subscription, action: 'Microsoft.Authorization/permissions/read' },
      { scope: otherSubscription, action: 'Microsoft.KeyVault/vaults/read' },
    ];
    expect(await check('Read actions', { unreadable })).toMatchObject({
      outcome: 'failed',
      message: `${production}: its permissions can’t be read (HTTP 403: Microsoft.Authorization/permissions/read is missing); ${other} lacks Microsoft.KeyVault/vaults/read; assign the monitor’s role there, or deploy it again`,
    });
    const { tenant, check: again } = await startSetup();
    tenant.intercept(failing(`${otherSubscription}/providers/Microsoft.Authorization/permissions`));
    expect(await again('Read actions')).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/^Other \(.+\): its permissions can’t be read \(.+HTTP 400.+\);/),
    });
  });

  it('name ten subscriptions at most', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `${index + 10}000000-aaaa-4bbb-8ccc-444444444444`);
    const unreadable = ids.map((id) => ({
      scope: `/subscriptions/${id}`,
      action: 'Microsoft.KeyVault/vaults/read',
    }));
    const subscriptions = ids.map((id) => subscriptionBody(`/subscriptions/${id}`, `Number ${id}`, tenantId));
    const found = await check('Read actions', { unreadable, subscriptions, resources: [] });
    expect(found?.message.match(/lacks Microsoft/g)).toHaveLength(10);
    expect(found?.message).toContain(' and 2 more; assign');
  });
});

describe('the management group', () => {
  const watched = { subscriptionIds: [], managementGroup: 'contoso' };
  const action = 'Microsoft.Management/managementGroups/descendants/read';

  it('is skipped where none is set', async () => {
    expect(await check('Management group')).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('MANAGEMENT_GROUP_ID is not set'),
    });
  });

  it('whose subscriptions may not be listed is missed by the action’s name', async () => {
    const unreadable = [{ scope: groupId, action }];
    expect(await check('Management group', { watched, managementGroups: [group], unreadable })).toMatchObject(
      {
        outcome: 'failed',
        message: `Reading management group contoso: HTTP 403; the identity lacks ${action} at contoso: assign the monitor’s role there`,
      },
    );
  });

  it('that is not there, or shows nothing at all, has failed', async () => {
    const unreadable = [{ scope: groupId }];
    for (const options of [{ watched }, { watched, managementGroups: [group], unreadable }]) {
      expect(await check('Management group', options)).toMatchObject({
        outcome: 'failed',
        message: expect.stringContaining(`check MANAGEMENT_GROUP_ID, and that the identity has ${action}`),
      });
    }
  });
});

describe('Resource Graph', () => {
  it('is skipped where it is not used', async () => {
    expect(await check('Resource Graph', { inventory: 'arm' })).toMatchObject({ outcome: 'skipped' });
  });

  it('that leaves out a subscription is a warning, since sweeps read that from ARM', async () => {
    expect(await check('Resource Graph', { unreadable: [{ scope: otherSubscription }] })).toMatchObject({
      outcome: 'warning',
      message: expect.stringMatching(/^leaves out Other \(.+\); sweeps read these from ARM/),
    });
  });

  it('that can’t be used is a warning, and one that fails a failure', async () => {
    expect(await check('Resource Graph', { tenantOptions: { graph: { forbidden: true } } })).toMatchObject({
      outcome: 'warning',
      message: expect.stringMatching(/HTTP 403: .*Microsoft\.ResourceGraph\/resources\/read/),
    });
    const { tenant, check: again } = await startSetup();
    tenant.intercept(({ path }) =>
      path.includes('ResourceGraph')
        ? { kind: 'text', status: 200, contentType: 'text/html', text: '<p>' }
        : undefined,
    );
    expect(await again('Resource Graph')).toMatchObject({ outcome: 'failed' });
  });
});

describe('Table Storage', () => {
  it('tells of the last sweep and of alerts', async () => {
    const { store, check } = await startSetup();
    await store.sweeps.put({ ...sweep, startedAt: '2026-08-01T09:00:00.000Z' });
    await store.alerts.add(alert);
    expect(await check('Table Storage')).toMatchObject({
      outcome: 'ok',
      message: 'answers; the last sweep started 2026-08-01T09:00:00.000Z; 1 alert pending',
    });
    await store.alerts.add({ ...alert, id: 'dead', status: 'dead' });
    expect(await check('Table Storage')).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('1 dead'),
    });
  });

  it('of which either table does not answer has failed, and the rest is looked at', async () => {
    const refuse = () => Promise.reject(new Error('no\n answer'));
    const { store } = await startSetup();
    for (const broken of [
      { sweeps: { ...store.sweeps, listSweeps: refuse } },
      { alerts: { ...store.alerts, count: refuse } },
    ]) {
      const { examine } = await startSetup({ ports: { store: { ...store, ...broken } } });
      const checks = await examine();
      expect(checks.find(({ name }) => name === 'Table Storage')).toMatchObject({
        outcome: 'failed',
        message: expect.stringMatching(/^no answer; check FindingsStorage, .*Storage Table Data Contributor/),
      });
      expect(checks.at(-1)).toMatchObject({ name: 'Guardrail policies', outcome: 'ok' });
    }
  });

  const sweep = {
    sweep: 'one',
    startedAt: '',
    subscriptions: 0,
    registries: 0,
    assessed: 0,
    changed: 0,
    unconfirmed: 0,
    calls: 0,
    rowsWritten: 0,
  };
  const alert = {
    id: 'msg_1',
    status: 'pending' as const,
    sink: 'webhook',
    subscriptionId,
    attempts: 0,
    due: '2026-08-01T09:00:00.000Z',
    payload: {
      type: 'coverage.subscription.lost' as const,
      id: 'msg_1',
      time: '',
      source: 'sweep' as const,
      sweep: 'one',
      severity: 'high' as const,
      title: '',
      remedy: '',
      subscription: { id: subscriptionId, readSince: '' },
    },
  };
});

describe('the webhook', () => {
  const sinkThat = (delivery: object) => ({
    name: 'inbox',
    minSeverity: 'low' as const,
    deliver: async () => delivery as { state: 'delivered' },
  });

  it('that is not set is a warning', async () => {
    expect(await check('Webhook', { ports: { sinks: [] } })).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('ALERT_WEBHOOK_URL is not set'),
    });
  });

  it('gets one message that is a test, and none where none was asked for', async () => {
    const sent: object[] = [];
    const deliver = async (message: object) => {
      sent.push(message);
      return { state: 'delivered' as const };
    };
    const sink = { name: 'inbox', minSeverity: 'low' as const, deliver };
    const { examine } = await startSetup({ ports: { sinks: [sink] }, isAlertTested: false });
    expect((await examine()).find(({ name }) => name === 'Webhook')).toMatchObject({ outcome: 'skipped' });
    expect(sent).toEqual([]);
    expect(await check('Webhook', { ports: { sinks: [sink] } })).toMatchObject({ outcome: 'ok' });
    expect(sent).toEqual([
      {
        type: 'monitor.test',
        id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
        time: '2026-08-01T10:00:00.000Z',
        title: 'Test alert of acr-cmk-monitor: messages arrive',
      },
    ]);
  });

  it.each([
    { state: 'failed', error: 'HTTP 401' },
    { state: 'refused', error: 'HTTP 410: the receiver wants no more' },
  ])('that does not take it has failed: $state', async (delivery) => {
    expect(await check('Webhook', { ports: { sinks: [sinkThat(delivery)] } })).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(
        `^did not take a test alert: inbox: ${delivery.error}; check ALERT_WEBHOOK_URL`,
      ),
    });
  });
});

describe('event subscriptions', () => {
  const [, topic] = goodResources;
  const withoutOther = goodResources.filter(({ id }) => !id.startsWith(otherSubscription));

  it('that a subscription lacks are missed there', async () => {
    expect(await check('Event subscriptions', { resources: withoutOther })).toEqual({
      name: 'Event subscriptions',
      outcome: 'warning',
      message: `missing in ${other}. Changes there are seen by the next sweep, not within seconds: deploy the events again (docs/deploy.md)`,
    });
  });

  it('that lead elsewhere, or are of a resource group, don’t count', async () => {
    const elsewhere = [
      eventSubscriptionBody({ scope: otherSubscription, name: 'webhook' }),
      eventSubscriptionBody({ scope: otherSubscription, functionId: `${app.id}/functions/inventory` }),
      eventSubscriptionBody({ scope: `${otherSubscription}/resourceGroups/rg`, name: 'group', functionId }),
    ];
    expect(await check('Event subscriptions', { resources: [...withoutOther, ...elsewhere] })).toMatchObject({
      outcome: 'warning',
      message: expect.stringMatching(/^missing in Other/),
    });
  });

  it('that are not ready are told with their state, unless another one is', async () => {
    const unready = eventSubscriptionBody({ scope: otherSubscription, functionId, state: 'Failed' });
    const resources = [...withoutOther, unready];
    expect(await check('Event subscriptions', { resources })).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining(`${other}: in state Failed. Changes there`),
    });
    const ready = eventSubscriptionBody({ scope: otherSubscription, name: 'second', functionId });
    expect(await check('Event subscriptions', { resources: [...resources, ready] })).toMatchObject({
      outcome: 'ok',
    });
  });

  it('that can’t be read are told beside those that are missing, with what is needed', async () => {
    const unreadable = [
      { scope: topic?.id ?? '', action: 'Microsoft.EventGrid/systemTopics/eventSubscriptions/read' },
    ];
    const found = await check('Event subscriptions', { resources: withoutOther, unreadable });
    expect(found?.outcome).toBe('warning');
    expect(found?.message).toMatch(
      /^missing in Other \(.+\); can’t be read in Production \(.+\) \(HTTP 403\): /,
    );
    for (const action of readActions.doctor.filter((one) => one.includes('EventGrid'))) {
      expect(found?.message).toContain(action);
    }
  });

  it('whose reading fails in one subscription are told of the others', async () => {
    const { tenant, check } = await startSetup({ resources: withoutOther });
    tenant.intercept(failing(`${subscription}/providers/Microsoft.EventGrid`));
    expect(await check('Event subscriptions')).toMatchObject({
      outcome: 'warning',
      message: expect.stringMatching(/^missing in Other \(.+\); can’t be read in Production \(.+HTTP 400/),
    });
  });
});

describe('the always-ready instance', () => {
  const at = (name: string, alwaysReady?: Record<string, number> | null) =>
    functionAppBody({
      subscription,
      group: 'rg-monitor',
      name,
      ...(alwaysReady === undefined ? {} : { alwaysReady }),
    });
  const resourcesWith = (...apps: ReturnType<typeof at>[]) => [
    ...apps,
    ...apps.map((one) =>
      eventSubscriptionBody({
        scope: subscription,
        name: one.name ?? '',
        functionId: toEventFunctionId(one),
      }),
    ),
  ];
  const name = 'Always-ready instance';

  it.each([
    ['none', {}],
    ['none of that function', { http: 1, 'function:sweep': 1 }],
    ['no instance', { 'function:resourceChanged': 0 }],
  ])('that is missing is a warning with the command that adds it: %s', async (_, alwaysReady) => {
    const app = at('func-cold', alwaysReady);
    expect(await check(name, { resources: resourcesWith(app) })).toEqual({
      name,
      outcome: 'warning',
      message: `${app.id} keeps none for function:resourceChanged, so the first event after a quiet time may be heard of minutes late: az functionapp scale config always-ready set --ids ${app.id} --settings function:resourceChanged=1`,
    });
  });

  it('is looked for in each app that events lead to', async () => {
    const found = await check(name, { resources: resourcesWith(at('func-a'), at('func-b', {})) });
    expect(found).toMatchObject({
      outcome: 'warning',
      message: expect.stringMatching(/^\S+\/func-b keeps none/),
    });
  });

  it('is up to the plan where that is not Flex Consumption', async () => {
    expect(await check(name, { resources: resourcesWith(at('func-premium', null)) })).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('does not run on Flex Consumption'),
    });
  });

  it('can’t be told where the app is not known, not there, not readable, or its reading fails', async () => {
    expect(await check(name, { resources: [] })).toMatchObject({ outcome: 'skipped' });
    const [site, ...subscribed] = resourcesWith(at('func-gone'));
    expect(await check(name, { resources: [at('func-other'), ...subscribed] })).toMatchObject({
      outcome: 'warning',
      message: `events lead to ${site?.id}, which does not exist: deploy the events again`,
    });
    const unreadable = [{ scope: app.id, action: 'Microsoft.Web/sites/read' }];
    expect(await check(name, { unreadable })).toMatchObject({
      outcome: 'warning',
      message: `${app.id} can’t be read (HTTP 403): Microsoft.Web/sites/read is needed there`,
    });
    const { tenant, check: again } = await startSetup();
    tenant.intercept(failing('/sites/'));
    expect(await again(name)).toMatchObject({
      outcome: 'warning',
      message: `Reading functionApp ${app.id}: HTTP 400 (BadRequest)`,
    });
  });
});

describe('guardrail policies', () => {
  const [[guid = '', [expected = ''] = []] = []] = Object.entries(guardrails);
  const id = `/providers/Microsoft.Authorization/policyDefinitions/${guid}`;
  const name = 'Guardrail policies';

  it('are those that the infrastructure assigns', () => {
    const assigned = readFileSync('src/deployment/guardrails.ts', 'utf8');
    expect(assigned.match(/[0-9a-f-]{36}/g)?.sort()).toEqual(Object.keys(guardrails).sort());
  });

  it('with another name, or without one, are a warning', async () => {
    const other = policyBody({ guid, displayName: 'Something else' });
    const nameless = { ...other, properties: {} };
    expect(await check(name, { resources: [...goodResources, other] })).toEqual({
      name,
      outcome: 'warning',
      message: `${guid} ("${expected}") is named "Something else" in this tenant. Leave the guardrail off until its id in src/deployment/guardrails.ts is right`,
    });
    expect(await check(name, { resources: [...goodResources, nameless] })).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('is named ""'),
    });
  });

  it('may have the names that they have in sovereign clouds', async () => {
    const policies = Object.entries(guardrails).map(([guid, names]) =>
      policyBody({ guid, displayName: names.at(-1) ?? '' }),
    );
    expect(await check(name, { resources: [...goodResources, ...policies] })).toMatchObject({
      outcome: 'ok',
    });
  });

  it('that are not there, may not be read, or whose reading fails are a warning', async () => {
    const { tenant, check: again } = await startSetup({
      unreadable: [{ scope: id.replace(guid, Object.keys(guardrails)[1] ?? '') }],
    });
    tenant.remove(id);
    tenant.intercept(failing(Object.keys(guardrails)[2] ?? ''));
    const found = await again(name);
    expect(found?.outcome).toBe('warning');
    expect(found?.message.split('; ')).toEqual([
      `${guid} ("${expected}") does not exist in this tenant`,
      expect.stringMatching(/can’t be read \(HTTP 403\): Microsoft\.Authorization\/policyDefinitions\/read/),
      expect.stringMatching(/^Reading policy .+HTTP 400/),
    ]);
  });
});

describe('no check tells a secret', () => {
  it('when all is well, and when everything fails', async () => {
    const well = await startSetup();
    const ill = await startSetup({
      ports: { sinks: [unreachableSink()] },
      watched: { subscriptionIds: [], managementGroup: 'contoso' },
    });
    ill.tenant.intercept(({ path, headers }) =>
      path === '/subscriptions'
        ? undefined
        : { kind: 'json', status: 400, body: { error: { code: 'Bad', message: headers.authorization } } },
    );
    const texts = [await well.examine(), await ill.examine()].map((checks) => JSON.stringify(checks));
    expect(texts[1]).toContain('did not take a test alert: ');
    for (const text of texts) {
      for (const secret of [
        't0p-secret',
        secrets.url,
        secrets.signing,
        ...secrets.token.split('.').slice(1, 2),
      ]) {
        expect(text).not.toContain(secret);
      }
    }
  });
});
