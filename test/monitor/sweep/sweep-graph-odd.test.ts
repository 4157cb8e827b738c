import { describe, expect, it } from 'vitest';
import type { ArmAnswer } from '../../../simulator/tenant/arm-answer.ts';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { registryOf } from '../bodies.ts';
import { listAllDue, listCalls, readView } from '../views.ts';
import {
  elsewhere,
  encrypted,
  lonely,
  openGraph,
  openSwept,
  plain,
  registries,
  toPage,
  toQuery,
  toRow,
  vault,
} from './graph-tenant.ts';

const opened = { state: 'present', findings: { acr_nocmk: 'open' } };
const isAboutRegistries = (text: string | undefined) => text?.includes('/registries') ?? false;

describe('rows of Resource Graph', () => {
  it('that come twice count once', async () => {
    const many = Array.from({ length: 9 }, (_, index) => registryOf(`images${index}`));
    const { sweepCalls, tenant } = await openGraph({ resources: many });
    Object.assign(tenant.graph, { duplicateRows: true, maxRows: 4, emptyPages: true });
    const { record, calls } = await sweepCalls();
    expect(record).toMatchObject({ outcome: 'complete', registries: 9, assessed: 9, changed: 9 });
    const single = calls.filter((call) => call.startsWith('registries/'));
    expect(new Set(single).size).toBe(single.length);
  });

  it('that lack what the rules need have their registry read from ARM, each time, and no other', async () => {
    const { sweepCalls, store, tenant } = await openSwept();
    tenant.graph.leftOutFor = { [plain.id]: ['properties.encryption'] };
    for (const _ of ['first', 'second']) {
      const { record, calls } = await sweepCalls();
      expect(record).toMatchObject({ inventory: 'graph', outcome: 'complete', assessed: 1, changed: 0 });
      expect(calls.filter((call) => call.startsWith('registries/'))).toEqual(['registries/plain']);
    }
    expect(await readView(store, plain.id)).toMatchObject(opened);
  });

  it('that are odd are each an exception, and close nothing', async () => {
    const { sweep, store, tenant, exceptions } = await openSwept();
    const rows = [null, { name: 'none' }, { id: vault.id }, { id: 7 }, ...registries.slice(1).map(toRow)];
    tenant.intercept((request) => (isAboutRegistries(toQuery(request)) ? toPage(rows) : undefined));
    expect(await sweep()).toMatchObject({ outcome: 'partial', registries: 3, assessed: 1, unconfirmed: 4 });
    expect(exceptions.map(({ registryId }) => registryId)).toEqual([
      'a row without id',
      'a row without id',
      vault.id,
      'a row without id',
    ]);
    expect(await readView(store, plain.id)).toMatchObject(opened);
  });

  it.each<[string, ArmAnswer]>([
    ['403', errorAnswer(403, 'AuthorizationFailed', 'no')],
    ['404 SubscriptionNotFound', errorAnswer(404, 'SubscriptionNotFound', 'no')],
    ['404 of another kind', errorAnswer(404, 'InvalidResourceType', 'no')],
    ['HTML', { kind: 'text', status: 200, contentType: 'text/html', text: '<html>' }],
  ])('that vanished close nothing while ARM answers %s', async (_, answer) => {
    const { sweep, store, tenant, exceptions } = await openSwept();
    tenant.remove(plain.id);
    tenant.intercept(({ path }) => (path === plain.id ? answer : undefined));
    expect(await sweep()).toMatchObject({ outcome: 'partial', registries: 3, unconfirmed: 1 });
    expect(exceptions).toMatchObject([{ registryId: plain.id }]);
    expect(await readView(store, plain.id)).toMatchObject(opened);
    expect(await listAllDue(store)).toMatchObject([{ registryId: plain.id }]);
  });

  it('that the graph alone has lost close nothing: ARM still has the registries', async () => {
    const { sweep, store, tenant } = await openSwept();
    tenant.intercept((request) => (isAboutRegistries(toQuery(request)) ? toPage([]) : undefined));
    expect(await sweep()).toMatchObject({ outcome: 'complete', registries: 4, assessed: 0, changed: 0 });
    for (const { id } of [plain, lonely]) expect(await readView(store, id)).toMatchObject(opened);
  });
});

describe('a graph that can not be used', () => {
  it.each<[string, (tenant: Awaited<ReturnType<typeof openSwept>>['tenant']) => void, string]>([
    [
      'leaves out the encryption of all registries',
      (tenant) => Object.assign(tenant.graph, { leftOutColumns: ['properties.encryption'] }),
      'Resource Graph leaves out the encryption of all registries',
    ],
    [
      'leaves out the properties of all vaults',
      (tenant) => Object.assign(tenant.graph, { leftOutColumns: ['properties.vaultUri'] }),
      'Resource Graph leaves out the properties of all key holders',
    ],
    [
      'is forbidden',
      (tenant) => Object.assign(tenant.graph, { forbidden: true }),
      'Resource Graph answered HTTP 403',
    ],
    [
      'is not there',
      (tenant) =>
        tenant.intercept((request) => (toQuery(request) ? errorAnswer(404, 'NotFound', 'no') : undefined)),
      'Resource Graph answered HTTP 404 NotFound',
    ],
    [
      'refuses the query',
      (tenant) =>
        tenant.intercept((request) => (toQuery(request) ? errorAnswer(400, 'BadRequest', 'no') : undefined)),
      'Resource Graph answered HTTP 400 BadRequest',
    ],
  ])('as it %s is replaced by the lists of ARM, which is said', async (_, spoil, reason) => {
    const { sweepCalls, store, tenant, lines, clock } = await openSwept();
    clock.advance(1);
    spoil(tenant);
    tenant.remove(plain.id);
    const { record, calls } = await sweepCalls();
    expect(record).toMatchObject({
      inventory: 'arm',
      outcome: 'complete',
      registries: 3,
      assessed: 1,
      unconfirmed: 0,
    });
    expect(calls.filter((call) => call === 'Microsoft.ContainerRegistry/registries')).toHaveLength(2);
    expect(lines).toEqual([`${reason}: registries are listed subscription by subscription instead`]);
    expect((await readView(store, plain.id)).state).toBe('gone');
    expect((await store.sweeps.listSweeps({ limit: 1 })).items).toEqual([record]);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([{ state: 'read' }, { state: 'read' }]);
  });

  it('any more after some pages is replaced by lists, without counting or telling anything twice', async () => {
    const { sweep, store, tenant, inbox } = await openGraph();
    Object.assign(tenant.graph, { maxRows: 2 });
    let pages = 0;
    tenant.intercept((request) => {
      if (!isAboutRegistries(toQuery(request))) return undefined;
      const { options } = request.body as { options: { $skipToken?: string } };
      pages += options.$skipToken ? 1 : 0;
      return pages > 0 ? errorAnswer(403, 'AccessDenied', 'no') : undefined;
    });
    expect(await sweep()).toMatchObject({ inventory: 'arm', outcome: 'complete', registries: 4, changed: 2 });
    expect(pages).toBe(1);
    for (const { id } of [plain, lonely]) expect((await readView(store, id)).history).toHaveLength(1);
    expect(inbox.messages).toHaveLength(2);
  });
});

describe('a call to Resource Graph that fails', () => {
  it.each<[string, ArmAnswer]>([
    ['429', errorAnswer(429, 'RateLimiting', 'later')],
    ['HTML', { kind: 'text', status: 200, contentType: 'text/html', text: '<html>' }],
    ['{}', { kind: 'json', status: 200, body: {} }],
    ['rows that are none', { kind: 'json', status: 200, body: { totalRecords: 4, count: 4, data: {} } }],
    [
      'a truncated page without a token',
      { kind: 'json', status: 200, body: { totalRecords: 4, count: 0, resultTruncated: 'true', data: [] } },
    ],
  ])('with %s fails the sweep, and closes or loses nothing', async (_, answer) => {
    const { sweep, store, tenant, exceptions } = await openSwept();
    tenant.remove(plain.id);
    tenant.intercept((request) => (isAboutRegistries(toQuery(request)) ? answer : undefined));
    const record = await sweep();
    expect(record).toMatchObject({
      inventory: 'graph',
      outcome: 'failed',
      assessed: 0,
      endedAt: expect.any(String),
    });
    expect(exceptions).toMatchObject([{ sweep: record.sweep, reason: expect.stringMatching(/graph|Graph/) }]);
    expect(await readView(store, plain.id)).toMatchObject(opened);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([{ state: 'read' }, { state: 'read' }]);
    tenant.intercept(undefined);
    expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 1 });
  });
});

it('a sweep by Resource Graph whose time is over in the middle closes nothing, and the next one does the rest', async () => {
  const { sweep, store, tenant, exceptions } = await openSwept();
  tenant.graph.maxRows = 2;
  tenant.remove(lonely.id);
  tenant.put(registryOf('encrypted'));
  const controller = new AbortController();
  tenant.intercept((request) => {
    const { options } = (request.body ?? {}) as { options?: { $skipToken?: string } };
    if (options?.$skipToken) controller.abort();
    return undefined;
  });
  const record = await sweep(controller.signal);
  expect(record).toMatchObject({ outcome: 'failed', endedAt: expect.any(String) });
  expect(exceptions.length).toBeGreaterThan(0);
  expect(await readView(store, lonely.id)).toMatchObject(opened);
  expect(await store.sweeps.listSubscriptions()).toMatchObject([{ state: 'read' }, { state: 'read' }]);
  tenant.intercept(undefined);
  const { assessed } = await sweep();
  expect(record.assessed + assessed).toBe(2);
  expect((await readView(store, lonely.id)).state).toBe('gone');
  expect((await readView(store, encrypted.id)).findings).toEqual({ acr_nocmk: 'open' });
  expect(listCalls(tenant).filter((call) => call === `registries/${elsewhere.name}`)).toHaveLength(1);
});
