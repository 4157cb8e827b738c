import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import type { ArmInterceptor } from '../../../simulator/tenant/arm-listener.ts';
import { hiddenId, hsmOf, otherSubscription, registryOf, subscription, vaultOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { asked, found, host, notVisible, openOne as open, read, registry } from '../one-registry.ts';
import { listCalls, readView } from '../views.ts';

const vault = vaultOf('kv-images');
const elsewhere = vaultOf('kv-images', { subscription: otherSubscription });
const hidden = vaultOf('kv-images', { subscription: `/subscriptions/${hiddenId}` });

describe('the name of a key holder, where Key Vault is not in use', () => {
  const unregistered = errorAnswer(409, 'MissingSubscriptionRegistration', 'not registered');
  const isAsked = (path: string, where: string) => path.startsWith(where) && path.endsWith('Availability');

  it('is asked for where the key holder was last seen', async () => {
    const { assess, tenant } = await open({ resources: [elsewhere] });
    await assess();
    tenant.remove(elsewhere.id, { purge: true });
    tenant.intercept(({ path }) => (isAsked(path, subscription) ? unregistered : undefined));
    const since = tenant.calls.length;
    expect(await assess()).toMatchObject({ missing: 'fail key_holder_absent' });
    const places = tenant.calls.slice(since).flatMap(({ path }) => (isAsked(path, '') ? path : []));
    expect(places.map((path) => path.split('/').slice(0, 3).join('/'))).toEqual([
      subscription,
      otherSubscription,
    ]);
  });

  it('is no verdict: the key holder is searched for, and else out of sight', async () => {
    const { assess, tenant } = await open();
    tenant.intercept(({ path }) => (isAsked(path, '') ? unregistered : undefined));
    expect(await assess()).toMatchObject({ missing: notVisible });
    tenant.put(elsewhere);
    const other = registryOf('other', { host });
    tenant.put(other);
    expect(await assess(other.id)).toMatchObject({ missing: notVisible });
  });
});

describe('a key holder in a subscription far away', () => {
  const query = 'Microsoft.ResourceGraph/resources';

  it.each([
    ['a vault', host, elsewhere],
    [
      'a host of its own making',
      'keys.contoso.example',
      vaultOf('kv-other', {
        subscription: otherSubscription,
        properties: { vaultUri: 'https://keys.contoso.example/' },
      }),
    ],
  ])('is found by one query of Resource Graph: %s', async (_, ownHost, holder) => {
    const onIt = registryOf('far', { host: ownHost });
    const { tenant, react, store } = await startMonitor({ resources: [onIt, holder], inventory: 'graph' });
    await react(onIt.id);
    expect((await readView(store, onIt.id)).verdicts.kv_missing).toBe('pass key_holder_found');
    const calls = listCalls(tenant);
    expect(calls.filter((path) => path === query)).toHaveLength(1);
    expect(calls).not.toContain('/subscriptions');
  });

  it.each([
    ['does not show it yet', { delay: 60_000 }],
    ['does not answer', { forbidden: true }],
  ])('is searched for in the lists of ARM when the graph %s', async (_, behaviour) => {
    const { tenant, react, store } = await startMonitor({ resources: [registry], inventory: 'graph' });
    Object.assign(tenant.graph, behaviour);
    tenant.put(elsewhere);
    await react(registry.id);
    expect((await readView(store, registry.id)).verdicts.kv_missing).toBe('pass key_holder_found');
    expect(listCalls(tenant)).toContain('/subscriptions');
  });
});

describe('a key holder that is out of sight', () => {
  it('is searched for in the whole tenant once an hour, whatever the number of events', async () => {
    const { assess, clock } = await open({ resources: [hidden] });
    const first = await assess();
    expect(first).toEqual({
      calls: [
        read,
        asked,
        'Microsoft.KeyVault/vaults',
        '/subscriptions',
        'Microsoft.KeyVault/vaults',
        'Microsoft.KeyVault/deletedVaults',
        'Microsoft.KeyVault/deletedVaults',
      ],
      missing: notVisible,
    });
    const cheap = { calls: [read, asked], missing: notVisible };
    expect(await assess()).toEqual(cheap);
    clock.advance(3_599_999);
    expect(await assess()).toEqual(cheap);
    clock.advance(1);
    expect((await assess()).calls).toEqual(first.calls);
    expect(await assess()).toEqual(cheap);
  });

  it('is not searched for again for another registry on it', async () => {
    const other = registryOf('other', { host });
    const { assess, clock } = await open({ resources: [hidden, other] });
    await assess();
    clock.advance(1_000);
    expect(await assess(other.id)).toEqual({ calls: ['registries/other', asked], missing: notVisible });
  });

  it('is searched for by each sweep by lists, and found once it is in sight', async () => {
    const { sweep, store, tenant } = await open({ resources: [hidden] });
    const searched = async () => {
      const since = tenant.calls.length;
      await sweep();
      return listCalls(tenant, since).filter((call) => call.endsWith('/deletedVaults')).length;
    };
    expect([await searched(), await searched()]).toEqual([2, 2]);
    tenant.put(elsewhere);
    await sweep();
    expect((await readView(store, registry.id)).verdicts.kv_missing).toBe(found);
  });

  it('is searched for by each sweep by Resource Graph, once, and found once it is in sight', async () => {
    const { sweep, store, tenant, clock } = await open({
      resources: [hidden, registryOf('other', { host })],
      inventory: 'graph',
    });
    await sweep();
    clock.advance(7_200_000);
    const since = tenant.calls.length;
    expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
    expect(listCalls(tenant, since).filter((call) => call.startsWith('Microsoft.KeyVault/'))).toEqual([
      asked,
      ...Array(2).fill('Microsoft.KeyVault/vaults'),
      ...Array(2).fill('Microsoft.KeyVault/deletedVaults'),
    ]);
    tenant.put(elsewhere);
    expect(await sweep()).toMatchObject({ assessed: 2 });
    expect((await readView(store, registry.id)).verdicts.kv_missing).toBe(found);
  });

  it('is found by a sweep by Resource Graph though it came into sight soft-deleted', async () => {
    const { sweep, store, tenant } = await open({ resources: [hidden], inventory: 'graph' });
    await sweep();
    tenant.put(elsewhere);
    tenant.remove(elsewhere.id);
    expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 1 });
    expect((await readView(store, registry.id)).verdicts.kv_missing).toBe('fail key_holder_soft_deleted');
    expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
  });

  it('is found soft-deleted by an event that names it', async () => {
    const { assess, react, store, tenant } = await open({ resources: [hidden] });
    await assess();
    tenant.put(elsewhere);
    tenant.remove(elsewhere.id);
    await react(elsewhere.id);
    expect((await readView(store, registry.id)).verdicts.kv_missing).toBe('fail key_holder_soft_deleted');
  });

  it('behind a stale place that is refused is found where it is now, and that is remembered', async () => {
    const old = vaultOf('kv-images', { group: 'rg-old' });
    const moved = vaultOf('kv-images', { group: 'rg-new' });
    const { assess, react, store, tenant } = await open({ resources: [old], inventory: 'graph' });
    await assess();
    tenant.remove(old.id, { purge: true });
    tenant.put(moved);
    tenant.intercept(({ path }) =>
      path === old.id ? errorAnswer(403, 'AuthorizationFailed', 'no') : undefined,
    );
    expect(await assess()).toMatchObject({ missing: found });
    expect(await store.findings.listLinks(host)).toMatchObject([{ holderId: moved.id }]);
    await react(moved.id);
    expect((await readView(store, registry.id)).verdicts.kv_missing).toBe(found);
  });

  it('is found as soon as an event names it', async () => {
    const { assess, react, tenant, store } = await open({ resources: [hidden] });
    await assess();
    tenant.remove(hidden.id, { purge: true });
    tenant.put(elsewhere);
    expect(await assess()).toMatchObject({ missing: notVisible });
    await react(elsewhere.id);
    expect((await readView(store, registry.id)).verdicts.kv_missing).toBe(found);
  });

  it('is looked for where an event says, live and soft-deleted, and nowhere else', async () => {
    const { assess, react, tenant } = await open({ resources: [hidden] });
    await assess();
    const since = tenant.calls.length;
    expect(await react(vault.id)).toMatchObject({ done: 1, changed: 0 });
    expect(listCalls(tenant, since)).toEqual([
      read,
      'vaults/kv-images',
      'Microsoft.KeyVault/deletedVaults',
      asked,
    ]);
    expect(await react(hsmOf('kv-images').id)).toMatchObject({ registries: 0 });
    expect((await assess()).calls).toHaveLength(2);
  });
});

describe('a list that fails', () => {
  const failing =
    (part: string): ArmInterceptor =>
    ({ path }) =>
      path.includes(part) && path.endsWith('/vaults')
        ? { kind: 'json', status: 429, body: { error: { code: 'TooManyRequests', message: 'later' } } }
        : undefined;

  it('of one subscription does not hide what another one shows', async () => {
    const third = '/subscriptions/99999999-aaaa-4bbb-8ccc-999999999999';
    const subscriptions = [subscription, third, otherSubscription].map((id) => ({
      id,
      subscriptionId: id.slice('/subscriptions/'.length),
    }));
    const { assess, tenant } = await open({ resources: [elsewhere], subscriptions });
    tenant.intercept(failing(third));
    expect(await assess()).toMatchObject({ missing: found });
  });

  it.each([
    ['live', found],
    ['soft-deleted', 'fail key_holder_soft_deleted'],
  ])("of the registry's own subscription does not hide what is %s elsewhere", async (state, missing) => {
    const { assess, tenant } = await open({ resources: [elsewhere] });
    if (state !== 'live') tenant.remove(elsewhere.id);
    tenant.intercept(failing(subscription));
    expect(await assess()).toMatchObject({ missing });
  });

  it.each([subscription, otherSubscription])(
    'leaves it open when nothing else shows the key holder: %s',
    async (id) => {
      const { assess, tenant, store } = await open({ resources: [hidden] });
      tenant.intercept(failing(id));
      await expect(assess()).rejects.toThrow('HTTP 429');
      expect((await readView(store, registry.id)).verdicts).not.toHaveProperty('kv_missing');
      tenant.intercept(undefined);
      expect(await assess()).toMatchObject({ missing: notVisible });
    },
  );

  it.each([
    [400, 'DisallowedOperation', notVisible],
    [400, 'DisallowedProvider', notVisible],
    [400, 'SomethingOdd', 'unknown key_holder_unreadable'],
  ])('for good, with %i %s, leaves no registry without a verdict', async (status, code, missing) => {
    const { assess, tenant } = await open({ resources: [hidden] });
    tenant.intercept(({ path }) =>
      path.startsWith(`${otherSubscription}/providers/`) ? errorAnswer(status, code, 'odd') : undefined,
    );
    expect(await assess()).toMatchObject({ missing });
  });

  it('because we may not read it leaves the key holder out of sight', async () => {
    const { assess } = await open({
      resources: [elsewhere],
      unreadable: [{ scope: otherSubscription, action: 'Microsoft.KeyVault/vaults/read' }],
    });
    expect(await assess()).toMatchObject({ missing: notVisible });
  });
});
