import { describe, expect, it, onTestFinished } from 'vitest';
import type { ArmAnswer, ArmRequest } from '../../../simulator/tenant/arm-answer.ts';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { registryBody } from '../../../simulator/tenant/registry-body.ts';
import { ReadFailure } from '../../../src/domain/estate/read-failure.ts';
import { GraphUnavailable } from '../../../src/monitor/ports/azure-ports.ts';
import type { Run } from '../../../src/monitor/ports/ports.ts';
import { startArm, startTestRun, subscription, subscriptionId, tenantId, token } from '../arm/arm-fixture.ts';

const names = Array.from({ length: 23 }, (_, index) => `images${100 + index}`);
const resources = names.map((name) =>
  registryBody({ subscription, group: 'rg-images', location: 'westeurope', name }),
);

/** How a page was asked for. */
interface Asked {
  $top: number;
  $skipToken?: string;
}

async function open(count = names.length) {
  const subscriptions = [{ id: subscription, subscriptionId }];
  const { tenant, graph } = await startArm({
    contents: { tenantId, subscriptions, resources: resources.slice(0, count) },
  });
  onTestFinished(() => tenant.close());
  const asked: Asked[] = [];
  let answer: (request: ArmRequest, index: number) => ArmAnswer | undefined = () => undefined;
  tenant.intercept((request) => {
    asked.push((request.body as { options: Asked }).options);
    return answer(request, asked.length - 1);
  });

  /** Names in the order of the rows, page by page, before the list ends or breaks. */
  async function read(run: Run = startTestRun()) {
    const pages: string[][] = [];
    try {
      for await (const page of graph.listRegistries([subscriptionId], run)) {
        pages.push(page.map((row) => ('item' in row ? row.item.id.name : `odd: ${row.oddItem}`)));
      }
      return { pages };
    } catch (error) {
      return { pages, failure: error };
    }
  }
  return {
    tenant,
    asked,
    read,
    answerWith(next: typeof answer) {
      answer = next;
    },
  };
}

/** A page as Resource Graph answers it. */
function page(changes: Record<string, unknown>, headers: Record<string, string> = {}): ArmAnswer {
  const data = resources.slice(0, 2).map(({ id }) => ({ id }));
  const body = { totalRecords: 2, count: 2, resultTruncated: 'false', data, facets: [], ...changes };
  return { kind: 'json', status: 200, headers, body };
}

const sizesOf = (pages: string[][]) => pages.map(({ length }) => length);

describe('the pages of Resource Graph', () => {
  it('are one where everything fits into it', async () => {
    const { asked, read } = await open();
    const run = startTestRun();
    expect(await read(run)).toEqual({ pages: [names] });
    expect(asked).toEqual([{ $top: 1_000, resultFormat: 'objectArray' }]);
    expect(run.calls).toBe(1);
  });

  it.each([
    ['as they are', {}],
    ['with empty ones in between', { emptyPages: true }],
    ['with rows that come twice', { duplicateRows: true }],
    ['while the number of rows shifts up', { shiftTotalRecords: 3 }],
    ['while the number of rows shifts down', { shiftTotalRecords: -1 }],
    ['with all of that', { emptyPages: true, duplicateRows: true, shiftTotalRecords: 1 }],
  ])('are followed to the end %s, in halves of what was too large', async (_, behaviour) => {
    const { tenant, asked, read } = await open();
    Object.assign(tenant.graph, { maxRows: 10, ...behaviour });
    const { pages, failure } = await read();
    expect(failure).toBeUndefined();
    expect([...new Set(pages.flat())]).toEqual(names);
    const tops = [...new Set(asked.map(({ $top }) => $top))];
    expect(tops).toEqual([1_000, 500, 250, 125, 63, 32, 16, 8]);
    expect(Math.max(...sizesOf(pages))).toBe(8);
  });

  it('go on in halves where only a later one is too large, from where they were', async () => {
    const { tenant, asked, read, answerWith } = await open();
    Object.assign(tenant.graph, { maxRows: 10 });
    answerWith((_, index) => {
      if (index === 8) tenant.graph.maxRows = 5;
      return undefined;
    });
    const { pages } = await read();
    expect(pages.flat()).toEqual(names);
    expect(sizesOf(pages)).toEqual([8, 4, 4, 4, 3]);
    expect(asked[8]?.$skipToken).toBe(asked[9]?.$skipToken);
  });

  it('fail where a single row is too large', async () => {
    const { tenant, asked, read } = await open();
    tenant.graph.maxBytes = 100;
    const { pages, failure } = await read();
    expect(pages).toEqual([]);
    expect(failure).toBeInstanceOf(ReadFailure);
    expect((failure as Error).message).toContain('a single row is too large');
    expect(asked.at(-1)?.$top).toBe(1);
  });

  it.each([
    ['say that they are truncated', { truncatedWithoutToken: true }, 'truncated without a token'],
    ['lose their token', { loseToken: true }, '8 of 23 rows came'],
  ])('fail where they %s, after what came before', async (_, behaviour, says) => {
    const { tenant, read } = await open();
    Object.assign(tenant.graph, { maxRows: 10, ...behaviour });
    const { pages, failure } = await read();
    expect(sizesOf(pages)).toEqual([8]);
    expect(failure).toBeInstanceOf(ReadFailure);
    expect((failure as Error).message).toContain(says);
  });

  it('fail where a later one loses its token, though the number of rows shifts', async () => {
    const { tenant, read, answerWith } = await open();
    Object.assign(tenant.graph, { maxRows: 10, shiftTotalRecords: 1 });
    answerWith(({ body }) => {
      if ((body as { options: Asked }).options.$skipToken) tenant.graph.loseToken = true;
      return undefined;
    });
    const { pages, failure } = await read();
    expect(sizesOf(pages)).toEqual([8, 8]);
    expect((failure as Error | undefined)?.message).toContain('16 of 24 rows came');
  });

  it('end without a failure where rows vanished while they were read', async () => {
    const { tenant, read, answerWith } = await open(20);
    Object.assign(tenant.graph, { maxRows: 10 });
    answerWith(({ body }) => {
      if ((body as { options: Asked }).options.$skipToken) tenant.remove(resources[19]?.id ?? '');
      return undefined;
    });
    const { pages, failure } = await read();
    expect(failure).toBeUndefined();
    expect(pages.flat()).toEqual(names.slice(0, 19));
  });

  it('are not followed in a circle', async () => {
    const { read, asked, answerWith } = await open();
    answerWith((_, index) => page({ $skipToken: index % 2 === 0 ? 'a' : 'b' }));
    const { pages, failure } = await read();
    expect(failure).toMatchObject({ name: 'ReadFailure', message: expect.stringContaining('circle') });
    expect([pages.length, asked.length]).toEqual([3, 3]);
  });

  it.each([null, '', undefined])('end where the token is %j', async ($skipToken) => {
    const { read, answerWith } = await open();
    answerWith(() => page({ $skipToken }));
    expect(await read()).toEqual({ pages: [names.slice(0, 2)] });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['data', { data: undefined }, 'data'],
    ['rows as a list', { data: { columns: [], rows: [] } }, 'data'],
    ['the number of all rows', { totalRecords: '2' }, 'totalRecords'],
    ['the number of rows', { count: null }, 'count'],
  ])('fail as bodies that lack %s', async (_, changes, path) => {
    const { read, answerWith } = await open();
    answerWith(() => page(changes));
    expect(await read()).toMatchObject({
      pages: [],
      failure: { name: 'ReadFailure', message: `Resource Graph: the body lacks ${path}` },
    });
  });
});

describe('Resource Graph', () => {
  it.each<[string, ArmAnswer]>([
    ['HTTP 403', errorAnswer(403, 'AccessDenied', 'secret')],
    ['HTTP 404', errorAnswer(404, 'SubscriptionNotFound', 'secret')],
    ['HTTP 404 NotFound', errorAnswer(404, 'NotFound', 'secret')],
    ['HTTP 400 BadRequest', errorAnswer(400, 'BadRequest', 'secret')],
    ['HTTP 405', { kind: 'json', status: 405, body: 'secret' }],
  ])('that answers %s can not be used', async (says, answer) => {
    const { read, asked, answerWith } = await open();
    answerWith(() => answer);
    const { failure } = await read();
    expect(failure).toBeInstanceOf(GraphUnavailable);
    expect((failure as Error).message).toBe(`Resource Graph answered ${says}`);
    expect(asked).toHaveLength(1);
  });

  it.each<[string, ArmAnswer]>([
    ['429', errorAnswer(429, 'RateLimiting', 'secret')],
    ['409', errorAnswer(409, 'Conflict', 'secret')],
    ['200 with HTML', { kind: 'text', status: 200, contentType: 'text/html', text: 'secret' }],
    ['half a body', { kind: 'cut', status: 200, body: { data: ['secret'] } }],
  ])('that answers %s is a failed call that names neither its body nor its token', async (_, answer) => {
    const { read, answerWith } = await open();
    answerWith(() => answer);
    const { failure } = await read();
    expect(failure).toBeInstanceOf(ReadFailure);
    expect(failure).not.toBeInstanceOf(GraphUnavailable);
    expect((failure as Error).message).not.toMatch(new RegExp(`secret|${token}`));
  });
});

describe('the quota of Resource Graph', () => {
  const usedUp = (after: string) => ({
    'x-ms-user-quota-remaining': '0',
    'x-ms-user-quota-resets-after': after,
  });

  it('that is used up makes the next query wait until it is there again', async () => {
    const { read, answerWith } = await open();
    const arrivals: number[] = [];
    answerWith((_, index) => {
      arrivals.push(performance.now());
      return page({ $skipToken: index === 0 ? 'a' : null }, usedUp('00:00:00.2'));
    });
    expect(sizesOf((await read()).pages)).toEqual([2, 2]);
    const [first = 0, second = 0] = arrivals;
    expect(second - first).toBeGreaterThanOrEqual(190);
  });

  it.each([
    {},
    { 'x-ms-user-quota-remaining': '3', 'x-ms-user-quota-resets-after': '01:00:00' },
    usedUp('soon'),
  ])('that is not used up, or not told, makes nobody wait: %j', async (headers) => {
    const { read, answerWith } = await open();
    answerWith((_, index) => page({ $skipToken: index === 0 ? 'a' : null }, headers));
    expect(await read()).toMatchObject({ pages: [{ length: 2 }, { length: 2 }] });
  });

  it('that is used up for longer than the run may take ends with it', async () => {
    const { read, asked, answerWith } = await open();
    const controller = new AbortController();
    answerWith(() => page({ $skipToken: 'a' }, usedUp('01:00:00')));
    const reading = read({ ...startTestRun(), signal: controller.signal });
    await expect.poll(() => asked.length).toBe(1);
    controller.abort();
    expect(await reading).toMatchObject({ failure: expect.anything() });
    expect(asked).toHaveLength(1);
  });
});
