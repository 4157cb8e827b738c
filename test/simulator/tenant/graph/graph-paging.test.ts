import { describe, expect, test } from 'vitest';
import { registryBody } from '../../../../simulator/tenant/registry-body.ts';
import type { SimulatedTenantOptions } from '../../../../simulator/tenant/simulated-tenant.ts';
import { faultOf, first, firstId, secondId, startGraph } from './graph-client.ts';

const registry = (number: number) =>
  registryBody({
    subscription: first,
    group: 'rg-images',
    name: `images${String(number).padStart(3, '0')}`,
    location: 'westeurope',
  });
const resources = Array.from({ length: 250 }, (_, index) => registry(index));
const ids = resources.map((one) => one.id);
const ordered = 'resources | project id, name | order by id asc';

const start = (options?: Partial<SimulatedTenantOptions>) => startGraph({ resources }, options);
const idsOf = (pages: Record<string, unknown>[][]) => pages.flat().map((row) => row.id);

describe('pages', () => {
  test('are followed to the end, 100 rows each unless told otherwise', async () => {
    const { ask, pages } = await start();
    expect(await ask(ordered)).toMatchObject({
      totalRecords: 250,
      count: 100,
      resultTruncated: 'false',
      skipToken: expect.any(String),
      facets: [],
    });
    const found = await pages(ordered);
    expect(found.map((page) => page.length)).toEqual([100, 100, 50]);
    expect(idsOf(found)).toEqual(ids);
    expect(idsOf(await pages(ordered, { top: 60, skip: 10 }))).toEqual(ids.slice(10));
    expect(await ask(ordered, { top: 250 })).not.toHaveProperty('skipToken', expect.anything());
  });

  test('of another size may follow', async () => {
    const { ask } = await start();
    const { skipToken = '' } = await ask(ordered);
    expect(idsOf([(await ask(ordered, { skipToken, top: 50 })).data])).toEqual(ids.slice(100, 150));
  });

  test.each([
    ['without id', 'resources | project name'],
    ['cut by take', `${ordered} | take 200`],
    ['counted', 'resources | summarize count() by name'],
  ])('have no token %s', async (_, query) => {
    const { ask } = await start();
    const { skipToken, resultTruncated } = await ask(query);
    expect({ skipToken, resultTruncated }).toEqual({ skipToken: undefined, resultTruncated: 'true' });
  });

  test.each([['resources | project id'], ['resources | project id, location | order by location asc']])(
    'lose and repeat rows where their order is not total: %s',
    async (query) => {
      const { pages } = await start();
      const found = idsOf(await pages(query));
      expect(found).toHaveLength(250);
      expect(new Set(found).size).toBeLessThan(250);
    },
  );

  test('refuse a token of another query or scope, or of nobody', async () => {
    const { ask } = await start();
    const { skipToken = '' } = await ask(ordered, { subscriptions: [firstId] });
    const refused = '400 BadRequest InvalidSkipToken';
    const subscriptions = [firstId];
    expect(await faultOf(ask(ordered, { skipToken, subscriptions: [firstId, secondId] }))).toBe(refused);
    expect(await faultOf(ask(`${ordered} `, { skipToken, subscriptions }))).toBe(refused);
    expect(await faultOf(ask(ordered, { skipToken: 'bm9uZQ==', subscriptions }))).toBe(refused);
    expect((await ask(ordered, { skipToken, subscriptions })).count).toBe(100);
  });

  test('move with what changes between them, as skipping rows by their number does', async () => {
    const { ask, tenant } = await start();
    const { skipToken = '' } = await ask(ordered);
    tenant.remove(ids[0] ?? '');
    const next = await ask(ordered, { skipToken });
    expect(next.totalRecords).toBe(249);
    expect(idsOf([next.data])[0]).toBe(ids[101]);
  });
});

describe('behaviour', () => {
  test('leaves columns out for all, or for one', async () => {
    const { tenant, rows } = await start({ graph: { leftOutColumns: ['properties.encryption'] } });
    const query = 'resources | project id, properties, status = properties.encryption.status | take 2';
    for (const { properties, status } of await rows(query)) {
      expect([status, properties]).toEqual([
        null,
        expect.not.objectContaining({ encryption: expect.anything() }),
      ]);
      expect(properties).toMatchObject({ provisioningState: 'Succeeded' });
    }
    delete tenant.graph.leftOutColumns;
    tenant.graph.leftOutFor = { [ids[1]?.toUpperCase() ?? '']: ['identity', 'properties.encryption.status'] };
    expect((await rows(`${query} | project status`)).map((row) => row.status)).toEqual(['disabled', null]);
    tenant.graph.leftOutColumns = ['properties'];
    expect((await rows(query)).map((row) => row.properties)).toEqual([null, null]);
  });

  test('refuses all', async () => {
    const { tenant, ask } = await start({ graph: { forbidden: true } });
    expect(await faultOf(ask(ordered))).toBe('403 AccessDenied AccessDenied');
    tenant.graph.forbidden = false;
    expect((await ask(ordered)).count).toBe(100);
  });

  test('refuses pages of too many rows or bytes', async () => {
    const { tenant, ask, pages } = await start({ graph: { maxRows: 60 } });
    expect(await faultOf(ask(ordered))).toBe('400 BadRequest ResponsePayloadTooLarge');
    expect(idsOf(await pages(ordered, { top: 50 }))).toEqual(ids);
    delete tenant.graph.maxRows;
    tenant.graph.maxBytes = 5000;
    expect(await faultOf(ask(ordered))).toBe('400 BadRequest ResponsePayloadTooLarge');
    expect((await ask(ordered, { top: 10 })).count).toBe(10);
  });

  test('puts empty pages, repeated rows and moving totals between pages', async () => {
    const { tenant, ask, pages } = await start({ graph: { emptyPages: true, duplicateRows: true } });
    const found = await pages(ordered);
    expect(found.map((page) => page.length)).toEqual([100, 0, 100, 0, 52]);
    expect(idsOf(found).slice(99, 101)).toEqual([ids[99], ids[99]]);
    expect([...new Set(idsOf(found))]).toEqual(ids);
    tenant.graph.shiftTotalRecords = -3;
    const { totalRecords, skipToken = '' } = await ask(ordered);
    expect([totalRecords, (await ask(ordered, { skipToken })).totalRecords]).toEqual([250, 247]);
  });

  test.each([
    [{ truncatedWithoutToken: true }, 'true'],
    [{ loseToken: true }, 'false'],
  ])('loses the token: %o', async (graph, truncated) => {
    const { ask } = await start({ graph });
    const { skipToken, resultTruncated, count } = await ask(ordered);
    expect({ skipToken, resultTruncated, count }).toEqual({
      skipToken: undefined,
      resultTruncated: truncated,
      count: 100,
    });
  });

  test('lags behind Resource Manager by a set time', async () => {
    let now = 1_000_000;
    const { tenant, values } = await startGraph(
      { resources: [registry(1), registry(2)] },
      { graph: { delay: 60_000 }, now: () => now },
    );
    const shown = () => values('resources | project name');
    expect(await shown()).toEqual(['images001', 'images002']);
    tenant.remove(registry(1).id);
    tenant.put(registry(3));
    now += 30_000;
    tenant.put({ ...registry(2), location: 'eastus' });
    expect(tenant.get(registry(3).id)).toBeDefined();
    expect(await shown()).toEqual(['images001', 'images002']);
    now += 30_000;
    expect(await shown()).toEqual(['images002', 'images003']);
    const location = "resources | where name == 'images002' | project location";
    expect(await values(location)).toEqual(['westeurope']);
    now += 30_000;
    expect(await values(location)).toEqual(['eastus']);
    tenant.remove(registry(2).id);
    tenant.graph.delay = 0;
    expect(await shown()).toEqual(['images003']);
  });
});

describe('the quota', () => {
  test('of 15 queries in 5 s is told by headers, then 429 with Retry-After', async () => {
    let now = 0;
    const { tenant } = await start({ throttle: true, now: () => now });
    const send = () =>
      fetch(`${tenant.armEndpoint}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`, {
        method: 'POST',
        headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
        body: JSON.stringify({ query: ordered, options: { $top: 1 } }),
      });
    const quota = ({ status, headers }: Response) =>
      [status, headers.get('x-ms-user-quota-remaining'), headers.get('x-ms-user-quota-resets-after')].join(
        ' ',
      );
    const one = await send();
    expect(quota(one)).toBe('200 14 00:00:05');
    expect(one.headers.get('x-ms-ratelimit-remaining-tenant-resource-requests')).toBe('14');
    expect(one.headers.get('x-ms-resource-graph-request-duration')).toMatch(/^0:00:00:\d\d\.\d{7}$/);
    now = 1500;
    for (let asked = 2; asked < 15; asked += 1) await send();
    expect(quota(await send())).toBe('200 0 00:00:04');
    const refused = await send();
    expect(quota(refused)).toBe('429 0 00:00:04');
    expect(refused.headers.get('retry-after')).toBe('4');
    expect(await refused.json()).toMatchObject({
      error: { code: 'RateLimiting', details: [{ code: 'RateLimiting' }] },
    });
    now = 5000;
    expect(quota(await send())).toBe('200 14 00:00:05');
  });
});
