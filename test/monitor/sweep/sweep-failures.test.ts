import { describe, expect, it } from 'vitest';
import type { ArmAnswer } from '../../../simulator/tenant/arm-answer.ts';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { otherId, otherSubscription, registryOf, subscriptionId, unprotected, vaultOf } from '../bodies.ts';
import { type MonitorOptions, startMonitor } from '../fixture.ts';
import { listAllDue, readView } from '../views.ts';

const host = 'kv-images.vault.azure.net';
const plain = registryOf('plain');
const encrypted = registryOf('encrypted', { host });
const vault = vaultOf('kv-images');
const others = ['aaa', 'bbb', 'ccc'].map((name) => registryOf(name, { subscription: otherSubscription }));
const resources = [plain, encrypted, vault, ...others];

/** A monitor that has swept once. */
async function openSwept(options: MonitorOptions = {}) {
  const monitor = await startMonitor({ resources, ...options });
  await monitor.sweep();
  const { store, tenant } = monitor;
  return {
    ...monitor,
    /** Answers the list of the other subscription's registries. */
    answerList: (answer: ArmAnswer) =>
      tenant.intercept(({ path }) => (path.startsWith(otherSubscription) ? answer : undefined)),
    /** What is stored of the other subscription's registries. */
    viewOthers: () => Promise.all(others.map(({ id }) => readView(store, id))),
  };
}

const untouched = others.map(() =>
  expect.objectContaining({ state: 'present', revision: 1, findings: { acr_nocmk: 'open' } }),
);
const html = { kind: 'text', status: 200, contentType: 'text/html', text: '<html>' } as const;
const notFound = errorAnswer(404, 'SubscriptionNotFound', 'no');

describe('a subscription that can not be read', () => {
  it.each<[string, ArmAnswer, string]>([
    ['unreadable', errorAnswer(403, 'AuthorizationFailed', 'no'), 'subscription_forbidden'],
    ['unreadable', notFound, 'subscription_not_found'],
    ['unreadable', errorAnswer(404, 'ResourceGroupNotFound', 'no'), 'subscription_not_found'],
    ['read', errorAnswer(429, 'TooManyRequests', 'later'), 'HTTP 429'],
    ['read', errorAnswer(404, 'SomethingElse', 'no'), 'HTTP 404'],
    ['read', html, 'the body lacks'],
    ['read', { kind: 'json', status: 200, body: {} }, 'the body lacks'],
    ['read', { kind: 'cut', status: 200, body: { value: others } }, 'the body'],
  ])('stays %s, has nothing closed, and costs the others nothing', async (state, answer, reason) => {
    const { sweep, store, tenant, answerList, viewOthers, exceptions } = await openSwept();
    answerList(answer);
    tenant.put(registryOf('new'));
    expect(await sweep()).toMatchObject({ outcome: 'partial', subscriptions: 2, registries: 3, assessed: 1 });
    expect(exceptions).toMatchObject([{ subscriptionId: otherId, reason: expect.stringContaining(reason) }]);
    expect(await viewOthers()).toEqual(untouched);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { subscriptionId, state: 'read' },
      { subscriptionId: otherId, state },
    ]);
    tenant.intercept(undefined);
    expect(await sweep()).toMatchObject({ outcome: 'complete', registries: 6, assessed: 0 });
  });

  it('because it is no longer in sight is lost: nothing of it is closed', async () => {
    const { sweep, store, tenant, viewOthers, clock, exceptions } = await openSwept();
    clock.advance(60_000);
    tenant.intercept(({ path }) => {
      if (path.startsWith(otherSubscription)) return notFound;
      const value = [{ id: `/subscriptions/${subscriptionId}`, subscriptionId }];
      return path === '/subscriptions' ? { kind: 'json', status: 200, body: { value } } : undefined;
    });
    expect(await sweep()).toMatchObject({ outcome: 'partial', subscriptions: 1 });
    expect(exceptions).toMatchObject([{ subscriptionId: otherId, reason: 'subscription_lost' }]);
    expect(await viewOthers()).toEqual(untouched);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { subscriptionId, state: 'read' },
      { subscriptionId: otherId, state: 'lost', since: '2026-08-01T10:01:00.000Z' },
    ]);
    tenant.intercept(undefined);
    await sweep();
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      {},
      { state: 'read', firstSeen: '2026-08-01T10:00:00.000Z' },
    ]);
  });

  it('to its last page has assessed what came before, and nothing closed', async () => {
    const { sweep, tenant, viewOthers, exceptions } = await openSwept({ pageSize: 1 });
    tenant.put({ ...registryOf('aaa', { subscription: otherSubscription, host }) });
    tenant.intercept(({ path, query }) =>
      path.startsWith(otherSubscription) && query.$skiptoken
        ? errorAnswer(429, 'TooManyRequests', 'later')
        : undefined,
    );
    expect(await sweep()).toMatchObject({ outcome: 'partial', assessed: 1, changed: 1 });
    expect(exceptions).toMatchObject([{ subscriptionId: otherId }]);
    const [first, ...rest] = await viewOthers();
    expect(first?.findings).toEqual({ acr_nocmk: 'resolved' });
    expect(rest).toEqual(untouched.slice(1));
  });
});

describe('a registry that can not be confirmed', () => {
  it('because its key holder can not be read costs one registry and is due', async () => {
    const { sweep, store, tenant, exceptions } = await openSwept();
    tenant.put(unprotected(vault));
    tenant.put(registryOf('new'));
    tenant.intercept(({ path }) =>
      path === vault.id ? errorAnswer(429, 'TooManyRequests', 'later') : undefined,
    );
    expect(await sweep()).toMatchObject({ outcome: 'partial', registries: 6, assessed: 1, unconfirmed: 1 });
    const reason = `Reading vault ${vault.id}: HTTP 429 (TooManyRequests)`;
    expect(exceptions).toMatchObject([{ registryId: encrypted.id, subscriptionId, reason }]);
    expect(await listAllDue(store)).toMatchObject([{ registryId: encrypted.id, reason, tries: 1 }]);
    expect(await readView(store, encrypted.id)).toMatchObject({ revision: 1, findings: {} });
  });

  it('because it vanished from the list, but is forbidden by id, is not closed', async () => {
    const { sweep, store, tenant, exceptions } = await openSwept();
    tenant.remove(plain.id);
    tenant.intercept(({ path }) =>
      path === plain.id ? errorAnswer(403, 'AuthorizationFailed', 'no') : undefined,
    );
    expect(await sweep()).toMatchObject({ outcome: 'partial', unconfirmed: 1 });
    expect(exceptions).toMatchObject([{ registryId: plain.id, reason: 'registry_forbidden' }]);
    expect(await readView(store, plain.id)).toMatchObject({
      state: 'present',
      findings: { acr_nocmk: 'open' },
    });
  });

  it.each<[string, ArmAnswer]>([
    ['404 of another kind', errorAnswer(404, 'InvalidResourceType', 'no')],
    ['404 without a code', { kind: 'json', status: 404, body: {} }],
    ['404 SubscriptionNotFound', notFound],
    ['HTML', html],
  ])('because it vanished from the list and its id answers %s is not closed', async (_, answer) => {
    const { sweep, store, tenant } = await openSwept();
    tenant.remove(plain.id);
    tenant.intercept(({ path }) => (path === plain.id ? answer : undefined));
    expect(await sweep()).toMatchObject({ outcome: 'partial', unconfirmed: 1 });
    expect((await readView(store, plain.id)).findings).toEqual({ acr_nocmk: 'open' });
  });

  it('because its item in the list is odd costs that item, is named and is not closed', async () => {
    const { sweep, store, tenant, exceptions } = await openSwept();
    const { properties: _, ...bare } = others[0] ?? plain;
    tenant.intercept(({ path }) =>
      path.startsWith(otherSubscription) && path.endsWith('/registries')
        ? { kind: 'json', status: 200, body: { value: [bare, null, ...others.slice(1)] } }
        : undefined,
    );
    expect(await sweep()).toMatchObject({ outcome: 'partial', registries: 4, unconfirmed: 2, assessed: 0 });
    expect(exceptions).toMatchObject([
      { registryId: bare.id, subscriptionId: otherId, reason: expect.stringContaining('properties') },
      { registryId: 'an item without id', subscriptionId: otherId },
    ]);
    expect((await readView(store, bare.id)).findings).toEqual({ acr_nocmk: 'open' });
  });
});

describe('a sweep', () => {
  it.each<[string, ArmAnswer]>([
    ['403', errorAnswer(403, 'AuthorizationFailed', 'no')],
    ['429', errorAnswer(429, 'TooManyRequests', 'later')],
    ['HTML', html],
    ['{}', { kind: 'json', status: 200, body: {} }],
  ])('whose list of subscriptions answers %s has failed, and touches nothing', async (_, answer) => {
    const { sweep, store, tenant, viewOthers, exceptions } = await openSwept();
    tenant.intercept(() => answer);
    const record = await sweep();
    expect(record).toMatchObject({ outcome: 'failed', registries: 0, endedAt: expect.any(String) });
    expect((await store.sweeps.listSweeps({ limit: 10 })).items).toContainEqual(record);
    expect(exceptions).toMatchObject([{ sweep: record.sweep, reason: expect.any(String) }]);
    expect(await viewOthers()).toEqual(untouched);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([{ state: 'read' }, { state: 'read' }]);
  });

  it.each([[[]], [[subscriptionId, otherId]]])(
    'with an odd item in the list of subscriptions sweeps the others and takes none for lost: %j',
    async (subscriptionIds) => {
      const { sweep, store, tenant, viewOthers, exceptions } = await openSwept({ subscriptionIds });
      const value = [{ id: `/subscriptions/${subscriptionId}` }, { displayName: 'Odd' }, null];
      tenant.intercept(({ path }) =>
        path === '/subscriptions' ? { kind: 'json', status: 200, body: { value } } : undefined,
      );
      tenant.remove(plain.id);
      expect(await sweep()).toMatchObject({
        outcome: 'partial',
        subscriptions: 1,
        registries: 1,
        changed: 1,
      });
      const reason = 'Reading subscription /subscriptions: the body lacks subscriptionId';
      expect(exceptions).toMatchObject([
        { subscriptionId: 'an item without id', reason },
        { subscriptionId: 'an item without id', reason: expect.stringContaining('the body lacks') },
      ]);
      expect(await viewOthers()).toEqual(untouched);
      expect(await store.sweeps.listSubscriptions()).toMatchObject([{ state: 'read' }, { state: 'read' }]);
      expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
    },
  );

  it.each(['addExceptions', 'listSendable'] as const)('ends though %s fails, and says so', async (step) => {
    const { sweep, store, tenant, lines, clock } = await openSwept();
    clock.advance(1);
    const fail = () => Promise.reject(new Error('the store is away'));
    if (step === 'listSendable') store.alerts.listSendable = fail;
    else store.sweeps.addExceptions = fail;
    tenant.intercept(({ path }) => (path.startsWith(otherSubscription) ? notFound : undefined));
    const record = await sweep();
    expect(record).toMatchObject({ outcome: 'partial', endedAt: expect.any(String) });
    expect((await store.sweeps.listSweeps({ limit: 1 })).items).toEqual([record]);
    expect(lines.at(-1)).toContain('the store is away');
  });
});
