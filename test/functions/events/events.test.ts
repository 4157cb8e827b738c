import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RegistryFinding } from '../../../src/monitor/ports/ports.ts';
import { startMonitorHost, toEvent } from '../monitor-host.ts';
import { production, registry, smallTenant, testing, vault } from '../small-tenant.ts';

let monitor: Awaited<ReturnType<typeof startMonitorHost>>;
beforeAll(async () => {
  monitor = await startMonitorHost();
});

const routeOf = ({ id }: { id: string }) => {
  const [, , subscription, , group, , , , name] = id.split('/');
  return `/api/registries/${subscription}/${group}/${name}`;
};

async function statusOf(body: { id: string }, rule: string): Promise<string | undefined> {
  const { items } = await monitor.getJson<{ items: RegistryFinding[] }>(
    `/api/findings?registry=${body.id}&rule=${rule}`,
  );
  return items[0]?.status;
}

/** What the receiver got since the last time, in short. */
let told = 0;
function alerts(): string[] {
  const deliveries = monitor.receiver.deliveries.slice(told);
  told = monitor.receiver.deliveries.length;
  return deliveries.map(({ body, valid }) => {
    const { registry, transitions } = body as {
      registry: { name: string };
      transitions: { rule: string; transition: string }[];
    };
    const what = transitions.map(({ rule, transition }) => `${rule} ${transition}`).join(', ');
    return `${registry.name}: ${what}${valid ? '' : ' (signature not valid)'}`;
  });
}

describe('before the first sweep', () => {
  it('health is failing, and says why by 503', async () => {
    const response = await monitor.ask('/api/health');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      status: 'failing',
      reasons: [{ part: 'sweep', code: 'never_swept', detail: expect.any(String) }],
      staleAfter: 7_800,
      dueAssessments: 0,
      alerts: { pending: 0, dead: 0 },
    });
  });

  it('lists are empty, without a cursor, and say that this is no all-clear', async () => {
    const notKnown = [{ part: 'sweep', code: 'never_swept', detail: expect.any(String) }];
    for (const route of ['findings', 'registries']) {
      expect(await monitor.getJson(`/api/${route}`)).toEqual({ items: [], notKnown });
    }
    expect(await monitor.getJson('/api/sweeps')).toEqual({ items: [] });
  });

  it.each(['', '/history'])('a registry%s is not found', async (below) => {
    const response = await monitor.ask(`${routeOf(registry('acrgood'))}${below}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json',
    ]);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: 'Registry acrgood was never assessed',
    });
  });

  it.each([
    `/api/registries/production/rg/acrgood`,
    `/api/registries/${production}/rg/acr.good`,
    `/api/registries/${production}/${'x'.repeat(91)}/acrgood`,
    `/api/registries/${production}/rg%7Cimages/acrgood/history`,
    `${routeOf(registry('acrgood'))}?limit=1`,
    `${routeOf(registry('acrgood'))}/history?limit=0`,
    `${routeOf(registry('acrgood'))}/history?status=open`,
  ])('%s is a bad request', async (path) => {
    const response = await monitor.ask(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json',
    ]);
  });
});

describe('an event on a new registry', () => {
  const created = registry('acrNew');
  beforeAll(async () => {
    monitor.tenant.put(created);
    expect(await monitor.send([toEvent(created)])).toBe(202);
  });

  it('raises a signed alert at once that tells what is wrong and how to mend it', async () => {
    const { headers, body, valid } = await monitor.receiver.next();
    const id = expect.stringMatching(/^msg_[0-9a-f]{32}$/);
    expect(valid).toBe(true);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': id });
    expect(body).toEqual({
      type: 'registry.findings.changed',
      id: headers['webhook-id'],
      time: expect.any(String),
      source: 'event',
      registry: {
        id: created.id,
        name: 'acrNew',
        subscriptionId: production,
        resourceGroup: 'rg-Images',
        location: 'westeurope',
      },
      transitions: [
        {
          rule: 'acr_nocmk',
          severity: 'high',
          transition: 'opened',
          reason: 'encryption_disabled',
          title: expect.any(String),
          remedy: expect.stringContaining('az acr import'),
          since: expect.any(String),
        },
      ],
    });
    expect(alerts()).toHaveLength(1);
  });

  it('opens its finding', async () => {
    expect(await statusOf(created, 'acr_nocmk')).toBe('open');
  });

  it('has the registry shown with each verdict and what it rests on, in any casing of its route', async () => {
    for (const route of [routeOf(created), routeOf(created).toLowerCase()]) {
      const read = await monitor.getJson(route);
      expect(read).toMatchObject({ registryId: created.id, state: 'present', source: 'event', revision: 1 });
      expect(read.verdicts).toMatchObject({
        acr_nocmk: {
          outcome: 'fail',
          reason: 'encryption_disabled',
          evidence: {
            values: { 'encryption.status': 'disabled', 'sku.name': 'Premium' },
            read: [
              {
                what: 'registry',
                id: created.id,
                at: expect.stringMatching(/Z$/),
                from: expect.stringMatching(/^GET https:.*acrNew\?api-version=/),
                status: 200,
              },
            ],
          },
        },
        kv_missing: { outcome: 'notApplicable', reason: 'no_customer_managed_key' },
      });
      expect(JSON.stringify(read)).not.toMatch(/@|digest|etag/);
    }
  });

  it('repeated, in other casing and as a CloudEvent too, changes nothing and raises no further alert', async () => {
    const { eventType: type, topic: source, dataVersion: _, metadataVersion: __, ...rest } = toEvent(created);
    const cloudEvent = { specversion: '1.0', type, source, ...rest };
    const shouted = toEvent({ id: created.id.toUpperCase() });
    expect(await monitor.send([toEvent(created), shouted, toEvent(created)])).toBe(202);
    expect(await monitor.send(cloudEvent)).toBe(202);
    expect(alerts()).toEqual([]);
    const { items } = await monitor.getJson<{ items: unknown[] }>(`${routeOf(created)}/history`);
    expect(items).toHaveLength(1);
  });

  it('closes its findings when it is deleted, and keeps its history, newest first', async () => {
    monitor.tenant.remove(created.id);
    expect(await monitor.send([toEvent(created, 'Delete')])).toBe(202);
    expect(alerts()).toEqual(['acrNew: acr_nocmk closed']);
    expect(await statusOf(created, 'acr_nocmk')).toBe('closed');
    expect(await monitor.getJson(routeOf(created))).toMatchObject({ state: 'gone', verdicts: {} });
    const history = `${routeOf(created)}/history`;
    const { items, pages } = await monitor.getAll<{ transitions: object[] }>(`${history}?limit=1`);
    expect(pages).toEqual([1, 1]);
    expect(items.flatMap(({ transitions }) => transitions)).toMatchObject([
      { rule: 'acr_nocmk', transition: 'closed', previousStatus: 'open', reason: 'registry_gone' },
      { rule: 'acr_nocmk', transition: 'opened', reason: 'encryption_disabled' },
    ]);
    expect((await monitor.ask(`${history}?cursor=nonsense`)).status).toBe(400);
  });
});

describe('an event on a vault', () => {
  const [one, two] = [registry('acrunsafe'), registry('acrtwo', { vault: 'kv-unsafe', in: testing })];
  beforeAll(async () => {
    monitor.tenant.put(two);
    await monitor.send([toEvent(one), toEvent(two)]);
    expect(alerts().sort()).toEqual([
      'acrtwo: kv_nopurgeprotection opened',
      'acrunsafe: kv_nopurgeprotection opened',
    ]);
  });
  beforeEach(() => void alerts());

  it('has every registry assessed whose key it holds', async () => {
    monitor.tenant.put(vault('kv-unsafe'));
    expect(await monitor.send([toEvent(vault('kv-unsafe'))])).toBe(202);
    expect(alerts().sort()).toEqual([
      'acrtwo: kv_nopurgeprotection resolved',
      'acrunsafe: kv_nopurgeprotection resolved',
    ]);
  });

  it('that was deleted is one too, and so is one on its access policies', async () => {
    monitor.tenant.remove(vault('kv-unsafe').id);
    expect(await monitor.send([toEvent(vault('kv-unsafe'), 'Delete')])).toBe(202);
    expect(alerts().sort()).toEqual(['acrtwo: kv_missing opened', 'acrunsafe: kv_missing opened']);
    monitor.tenant.put(vault('kv-unsafe'));
    expect(await monitor.send([toEvent({ id: `${vault('kv-unsafe').id}/accessPolicies/add` })])).toBe(202);
    expect(alerts().sort()).toEqual(['acrtwo: kv_missing resolved', 'acrunsafe: kv_missing resolved']);
  });

  it('that no registry uses is acknowledged', async () => {
    expect(await monitor.send([toEvent(vault('kv-other'))])).toBe(202);
  });
});

describe('an event that can not be finished', () => {
  afterEach(() => monitor.tenant.intercept(undefined));
  const dueAssessments = async () =>
    ((await (await monitor.ask('/api/health')).json()) as { dueAssessments: number }).dueAssessments;

  it('is acknowledged while the registry is being created, and the registry is due', async () => {
    const creating = registry('acrslow', { state: 'Creating' });
    monitor.tenant.put(creating);
    expect(await monitor.send([toEvent(creating)])).toBe(202);
    expect(await dueAssessments()).toBe(1);
    expect((await monitor.ask(routeOf(creating))).status).toBe(404);
    expect(alerts()).toEqual([]);
    await monitor.send([toEvent(creating)]);
    expect(await dueAssessments()).toBe(1);
  });

  it('is acknowledged when Azure does not answer properly, and nothing is decided', async () => {
    monitor.tenant.intercept(({ path }) =>
      /registries/i.test(path)
        ? { kind: 'text', status: 200, contentType: 'text/html', text: '<p>' }
        : undefined,
    );
    expect(await monitor.send([toEvent(registry('acrplain'))])).toBe(202);
    expect(await dueAssessments()).toBe(2);
    expect(await statusOf(registry('acrplain'), 'acr_nocmk')).toBeUndefined();
  });
});

describe('an event that is none of the monitor’s', () => {
  it.each([
    ['a child of a registry', toEvent({ id: `${registry('acrgood').id}/replications/westus` })],
    [
      'a deployment',
      toEvent({
        id: `/subscriptions/${production}/resourceGroups/rg/providers/Microsoft.Resources/deployments/d`,
      }),
    ],
    [
      'another type',
      { ...toEvent(registry('acrgood')), eventType: 'Microsoft.ContainerRegistry.ImagePushed' },
    ],
    [
      'a resource group that no key can hold',
      toEvent({ id: registry('acrgood').id.replace('rg-Images', 'rg\u0001') }),
    ],
  ])('%s is acknowledged without a call to Azure', async (_, event) => {
    const calls = monitor.tenant.calls.length;
    expect(await monitor.send([event])).toBe(202);
    expect(monitor.tenant.calls.length).toBe(calls);
  });
});

it('after a sweep health tells its age and what is still missing, and all registries are known', async () => {
  monitor.tenant.put(registry('acrslow'));
  await monitor.host.runTimer('sweep');
  expect(await monitor.getJson('/api/health')).toMatchObject({
    status: 'degraded',
    reasons: [{ part: 'events', code: 'events_missing' }],
    lastSweepOutcome: 'complete',
    lastSweepEndedAt: expect.any(String),
    lastSweepAge: expect.any(Number),
  });
  const { items } = await monitor.getJson<{ items: { state: string }[] }>('/api/registries');
  const known = smallTenant().resources.filter(({ id }) => id.includes('/registries/')).length;
  expect(items.filter(({ state }) => state === 'present')).toHaveLength(known + ['acrtwo', 'acrslow'].length);
});
