import { beforeAll, describe, expect, it } from 'vitest';
import { startMonitorHost } from '../monitor-host.ts';
import { production, registry, testing } from '../small-tenant.ts';

interface Item {
  registryId: string;
  rule: string;
  severity: string;
  status: string;
  reason: string;
}

let monitor: Awaited<ReturnType<typeof startMonitorHost>>;

beforeAll(async () => {
  monitor = await startMonitorHost();
  await monitor.host.runTimer('sweep');
  await monitor.host.runTimer('sweep');
});

const nameOf = (id: string) => id.split('/').at(-1);

async function findings(query: string): Promise<string[]> {
  const { items } = await monitor.getJson<{ items: Item[] }>(`/api/findings${query}`);
  return items.map(({ registryId, rule }) => `${nameOf(registryId)} ${rule}`).sort();
}

const routes = [
  'findings',
  'registries',
  `registries/${production}/rg-images/acrplain`,
  `registries/${production}/rg-images/acrplain/history`,
  'sweeps',
  'coverage',
  'coverage/exceptions',
  'health',
  'rules',
];

/** Tried in a file of their own: they read Azure, or do something. */
const otherFunctions = ['getBlastRadius', 'getCustody', 'getRemedy', 'sendTestAlert'];

it('every HTTP function is for reading, asks for the function key, and is tried below', () => {
  const functions = monitor.host.functions
    .filter((one) => one.trigger === 'http')
    .filter(({ name }) => !otherFunctions.includes(name));
  for (const { methods, authLevel } of functions)
    expect([methods, authLevel]).toEqual([['GET', 'HEAD'], 'function']);
  expect(functions).toHaveLength(routes.length);
});

describe.each(routes)('/api/%s', (route) => {
  it('is refused without the function key', async () => {
    for (const headers of [{}, { 'x-functions-key': 'wrong' }]) {
      const response = await fetch(`${monitor.host.url}/api/${route}`, { headers: new Headers(headers) });
      expect([response.status, await response.text()]).toEqual([401, '']);
    }
  });

  it('takes the key as a header or as "code", and answers JSON that is not kept', async () => {
    const byCode = await monitor.ask(`/api/${route}?code=${monitor.host.functionKey}`, {} as never);
    const byHeader = await monitor.ask(`/api/${route}`);
    for (const { status, headers } of [byCode, byHeader]) {
      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        200,
        'application/json',
        'no-store',
      ]);
    }
  });

  it('answers HEAD with the same status and no body, as monitors of availability ask', async () => {
    const headers = { 'x-functions-key': monitor.host.functionKey };
    const response = await fetch(`${monitor.host.url}/api/${route}`, { method: 'HEAD', headers });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('refuses a parameter that it does not know, by its name', async () => {
    const response = await monitor.ask(`/api/${route}?colour=blue`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Bad request',
      status: 400,
      detail: 'unknown parameter colour',
    });
  });

  it('is there for reading alone', async () => {
    const headers = { 'x-functions-key': monitor.host.functionKey };
    const response = await fetch(`${monitor.host.url}/api/${route}`, { method: 'POST', headers });
    expect(response.status).toBe(404);
  });
});

describe('a large answer', () => {
  const ask = (accepted: string) =>
    monitor.ask('/api/rules', {
      'x-functions-key': monitor.host.functionKey,
      'accept-encoding': accepted,
    } as never);

  it.each([
    ['gzip', 'gzip'],
    ['br;q=1.0, GZIP;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['identity', null],
    ['gzip;q=0, *', null],
    ['br', null],
  ])('to a client that takes %s comes as %s, and says that it depends', async (accepted, coding) => {
    const response = await ask(accepted);
    const { headers } = response;
    expect([headers.get('content-encoding'), headers.get('vary'), headers.get('content-type')]).toEqual([
      coding,
      'accept-encoding',
      'application/json',
    ]);
    expect(await response.json()).toEqual(await monitor.getJson('/api/rules'));
  });

  it('is not compressed where it is small', async () => {
    const response = await monitor.ask('/api/findings?rule=kv_missing&limit=1&status=closed');
    expect(response.headers.get('content-encoding')).toBeNull();
  });
});

describe('findings', () => {
  it('are those of the last sweep, with what they rest on', async () => {
    const { items } = await monitor.getJson<{ items: Item[] }>('/api/findings?rule=kv_missing');
    expect(items).toEqual([
      {
        registryId: registry('acrorphan').id,
        name: 'acrorphan',
        resourceGroup: 'rg-Images',
        subscriptionId: production,
        subscriptionName: 'Production',
        portalUrl: `https://portal.azure.com/#resource${registry('acrorphan').id}`,
        title: expect.stringContaining('key holder'),
        rule: 'kv_missing',
        severity: 'critical',
        status: 'open',
        reason: 'key_holder_absent',
        firstSeen: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        since: expect.any(String),
        evidence: expect.objectContaining({ values: expect.objectContaining({ nameAvailable: true }) }),
      },
    ]);
    expect(await findings('')).toEqual([
      'acrPlain acr_nocmk',
      'acrorphan kv_missing',
      'acrplain acr_nocmk',
      'acrunsafe kv_nopurgeprotection',
    ]);
  });

  it.each([
    ['?severity=critical', ['acrorphan kv_missing']],
    ['?severity=critical&severity=high&rule=acr_nocmk', ['acrPlain acr_nocmk', 'acrplain acr_nocmk']],
    [
      '?rule=kv_missing&rule=kv_nopurgeprotection',
      ['acrorphan kv_missing', 'acrunsafe kv_nopurgeprotection'],
    ],
    ['?status=open&status=resolved&rule=kv_missing', ['acrorphan kv_missing']],
    ['?status=resolved&status=exempted&status=closed', []],
    [`?subscription=${testing}`, ['acrplain acr_nocmk']],
    [`?subscription=${testing.toUpperCase()}`, ['acrplain acr_nocmk']],
    [`?subscription=${testing}&subscription=${production}&rule=kv_missing`, ['acrorphan kv_missing']],
    ['?registry=ACRPLAIN', ['acrPlain acr_nocmk', 'acrplain acr_nocmk']],
    ['?registry=acrorphan&registry=acrunsafe', ['acrorphan kv_missing', 'acrunsafe kv_nopurgeprotection']],
    [`?registry=${registry('acrplain').id.toLowerCase()}`, ['acrPlain acr_nocmk']],
    [
      `?registry=${registry('acrplain').id}&registry=acrorphan`,
      ['acrPlain acr_nocmk', 'acrorphan kv_missing'],
    ],
    [`?registry=${registry('acrplain').id}&subscription=${testing}`, []],
    ['?registry=acrnosuch', []],
  ])('are filtered by %s: several values of one filter mean any of them', async (query, expected) => {
    expect(await findings(query)).toEqual(expected);
  });

  it.each([1, 2, 3, 4, 100])(
    'are all found by pages of %i, the cursor absent on the last one alone',
    async (limit) => {
      const { items, pages } = await monitor.getAll<Item>(`/api/findings?limit=${limit}`);
      expect(new Set(items.map(({ registryId, rule }) => registryId + rule)).size).toBe(4);
      expect(pages).toEqual(limit >= 4 ? [4] : limit === 3 ? [3, 1] : Array(4 / limit).fill(limit));
    },
  );

  it('are found by pages with filters, too', async () => {
    const { pages, items } = await monitor.getAll<Item>('/api/findings?limit=1&rule=acr_nocmk&status=open');
    expect(pages).toEqual([1, 1]);
    expect(items.map(({ registryId }) => nameOf(registryId))).toEqual(['acrPlain', 'acrplain']);
  });

  it.each([
    ['limit', '0'],
    ['limit', '1001'],
    ['limit', '-1'],
    ['limit', '1.5'],
    ['limit', 'all'],
    ['limit', ''],
    ['limit', '5&limit=6'],
    ['cursor', ''],
    ['cursor', 'nonsense'],
    ['cursor', 'W10'],
    ['status', 'opened'],
    ['status', ''],
    ['status', 'open,resolved'],
    ['severity', 'urgent'],
    ['severity', 'high&severity=worse'],
    ['rule', 'acr_nosuchrule'],
    ['subscription', 'production'],
    ['registry', ''],
    ['registry', '/subscriptions/x'],
    ['registry', `${registry('acrplain').id}/webhooks/x`],
    ['__proto__', 'x'],
  ])('are refused with %s=%s, by the name of the parameter', async (name, value) => {
    const response = await monitor.ask(`/api/findings?${name}=${value}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json',
    ]);
    const problem = (await response.json()) as { status: number; detail: string };
    expect(problem.status).toBe(400);
    expect(problem.detail).toContain(name);
  });

  it('are refused with all faults of a query at once', async () => {
    const response = await monitor.ask('/api/findings?limit=0&status=x&colour=blue');
    const { detail } = (await response.json()) as { detail: string };
    for (const name of ['limit', 'status', 'colour']) expect(detail).toContain(name);
  });
});

describe('registries', () => {
  it('are listed with their verdicts in short, without what is the store’s own', async () => {
    const { items } = await monitor.getJson<{ items: Record<string, unknown>[] }>('/api/registries');
    expect(items.map(({ name }) => name)).toEqual([
      ...['acrgood', 'acrorphan', 'acrPlain', 'acrsecret', 'acrunsafe'],
      'acrplain',
    ]);
    expect(items[0]).toMatchObject({
      registryId: registry('acrgood').id,
      subscriptionId: production,
      resourceGroup: 'rg-Images',
      location: 'westeurope',
      sku: 'Premium',
      state: 'present',
      source: 'sweep',
      revision: 1,
      verdicts: {
        acr_nocmk: { outcome: 'pass', reason: 'encryption_enabled' },
        kv_missing: { outcome: 'pass', reason: 'key_holder_found' },
      },
    });
    for (const item of items) {
      for (const inner of ['digest', 'evidence', 'etag']) expect(item).not.toHaveProperty(inner);
    }
  });

  it('are filtered by subscription, and paged', async () => {
    const { items } = await monitor.getAll<{ name: string }>(`/api/registries?subscription=${testing}`);
    expect(items.map(({ name }) => name)).toEqual(['acrplain']);
    const both = `/api/registries?limit=2&subscription=${testing}&subscription=${production}`;
    expect((await monitor.getAll(both)).pages).toEqual([2, 2, 2]);
  });

  it.each([
    ['subscription', 'production'],
    ['limit', '0'],
    ['status', 'open'],
  ])('are refused with %s=%s', async (name, value) => {
    const response = await monitor.ask(`/api/registries?${name}=${value}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { detail: string }).detail).toContain(name);
  });
});

describe('sweeps', () => {
  it('are listed newest first, with what they did and what that cost', async () => {
    const { items, pages } = await monitor.getAll<Record<string, unknown>>('/api/sweeps?limit=1');
    expect(pages).toEqual([1, 1]);
    const [second, first] = items;
    const counts = { subscriptions: 2, registries: 6, unconfirmed: 0, outcome: 'complete' };
    expect(first).toMatchObject({ ...counts, assessed: 6, changed: 5 });
    expect(second).toMatchObject({ ...counts, assessed: 0, changed: 0 });
    expect(String(second?.startedAt) >= String(first?.endedAt)).toBe(true);
    expect(Number(first?.calls)).toBeGreaterThan(Number(second?.calls));
  });

  it('give out no cursor that another list takes', async () => {
    const { nextCursor } = await monitor.getJson<{ nextCursor: string }>('/api/sweeps?limit=1');
    expect((await monitor.ask(`/api/findings?cursor=${nextCursor}`)).status).toBe(400);
    expect((await monitor.ask('/api/sweeps?cursor=nonsense')).status).toBe(400);
  });
});
