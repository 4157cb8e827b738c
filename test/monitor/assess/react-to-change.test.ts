import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { hsmOf, otherSubscription, registryOf, unprotected, vaultOf } from '../bodies.ts';
import { type MonitorOptions, startMonitor } from '../fixture.ts';
import { holdAnswer, listAllDue, listCalls, readView } from '../views.ts';

const host = 'kv-images.vault.azure.net';
const plain = registryOf('images');
const vault = vaultOf('kv-images');
const many = Array.from({ length: 25 }, (_, index) => registryOf(`images${100 + index}`, { host }));
const opened = [['opened kv_nopurgeprotection']];

describe('an event on a registry', () => {
  it('has it assessed at once', async () => {
    const { react, store, tenant } = await startMonitor({ resources: [plain] });
    expect(await react(plain.id)).toEqual({ registries: 1, done: 1, changed: 1, left: 0 });
    expect(await react(plain.id)).toEqual({ registries: 1, done: 1, changed: 0, left: 0 });
    expect(listCalls(tenant)).toHaveLength(2);
    expect(await store.due.count()).toBe(0);
  });

  it('that was deleted has its findings closed', async () => {
    const { react, store, tenant } = await startMonitor({ resources: [plain] });
    await react(plain.id);
    tenant.remove(plain.id);
    expect(await react(plain.id)).toMatchObject({ done: 1, changed: 1 });
    expect(await readView(store, plain.id)).toMatchObject({
      state: 'gone',
      findings: { acr_nocmk: 'closed' },
    });
  });

  it('that is still being created is acknowledged, and written down as due in ten seconds', async () => {
    const creating = registryOf('images', { state: 'Creating' });
    const { react, store } = await startMonitor({ resources: [creating] });
    const reason = 'provisioning_state_creating';
    expect(await react(plain.id)).toEqual({ registries: 1, done: 0, changed: 0, left: 1, reason });
    expect(await listAllDue(store)).toMatchObject([
      { registryId: plain.id, reason, due: '2026-08-01T10:00:10.000Z', tries: 1 },
    ]);
  });

  it.each([
    ['registry_forbidden', errorAnswer(403, 'AuthorizationFailed', 'no')],
    [`Reading registry ${plain.id}: HTTP 429 (TooManyRequests)`, errorAnswer(429, 'TooManyRequests', 'no')],
  ])('that can not be read is acknowledged, logged and due again: %s', async (reason, answer) => {
    const { react, store, tenant, lines } = await startMonitor({ resources: [plain] });
    tenant.intercept(() => answer);
    expect(await react(plain.id)).toMatchObject({ left: 1, reason });
    expect(await listAllDue(store)).toMatchObject([{ registryId: plain.id, reason }]);
    expect(lines).toEqual([`${plain.id} is due again: ${reason}`]);
  });

  it('that nobody ever confirmed, out of sight, leaves nothing behind', async () => {
    const { react, store, tenant, assess } = await startMonitor({ resources: [plain] });
    tenant.intercept(() => errorAnswer(404, 'SubscriptionNotFound', 'no'));
    expect(await react(plain.id)).toMatchObject({ done: 0, dropped: 1, left: 0 });
    expect(await store.due.count()).toBe(0);
    tenant.intercept(undefined);
    await assess(plain.id);
    tenant.intercept(() => errorAnswer(404, 'SubscriptionNotFound', 'no'));
    expect(await react(plain.id)).toMatchObject({ left: 1, reason: 'subscription_lost' });
    expect(await store.due.count()).toBe(1);
  });

  it('is due when Azure says so, where that is later', async () => {
    const { react, store, tenant } = await startMonitor({ resources: [plain] });
    // The SDK waits as long as the first of these headers says.
    const headers = { 'retry-after-ms': '1', 'retry-after': '90' };
    tenant.intercept(() => errorAnswer(429, 'TooManyRequests', 'later', headers));
    expect(await react(plain.id)).toMatchObject({ left: 1 });
    expect(await listAllDue(store)).toMatchObject([{ due: '2026-08-01T10:01:30.000Z' }]);
  });

  it.each(['10000000000000000', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'is due again within the hour, though Azure asks to wait for %s',
    async (wait) => {
      const { react, followUp, store, tenant, clock } = await startMonitor({ resources: [plain] });
      const headers = { 'retry-after-ms': '1', 'retry-after': wait };
      tenant.intercept(() => errorAnswer(429, 'TooManyRequests', 'later', headers));
      expect(await react(plain.id)).toMatchObject({ left: 1 });
      expect(await listAllDue(store)).toMatchObject([{ due: '2026-08-01T11:00:00.000Z', tries: 1 }]);
      clock.advance(3_600_000);
      expect((await followUp()).assessments).toMatchObject({ left: 1 });
      expect(await listAllDue(store)).toMatchObject([{ due: '2026-08-01T12:00:00.000Z', tries: 2 }]);
    },
  );

  it('does not wait for a receiver of alerts once its time is over', async () => {
    const { react, store, inbox, clock, followUp } = await startMonitor({ resources: [plain] });
    const controller = new AbortController();
    inbox.answerWith(() => {
      controller.abort();
      return new Promise(() => {});
    });
    expect(await react(plain.id, controller.signal)).toMatchObject({ done: 1, changed: 1 });
    expect(await store.alerts.count()).toEqual({ pending: 1, dead: 0 });
    inbox.answerWith(() => ({ state: 'delivered' }));
    clock.advance(60_000);
    expect((await followUp()).alerts).toEqual({ delivered: 1, failed: 0 });
  });
});

const registryList = 'Microsoft.ContainerRegistry/registries';

describe('an event on a key holder', () => {
  async function openMany(options: MonitorOptions = {}) {
    const monitor = await startMonitor({ resources: [...many, vault], ...options });
    await monitor.sweep();
    const since = monitor.tenant.calls.length;
    return { ...monitor, callsSince: () => listCalls(monitor.tenant, since) };
  }

  it('has every registry that hangs on it assessed, and reads it once, by one list of them', async () => {
    const { react, store, tenant, callsSince } = await openMany();
    tenant.put(unprotected(vault));
    expect(await react(vault.id.toUpperCase())).toEqual({ registries: 25, done: 25, changed: 25, left: 0 });
    expect(callsSince()).toEqual([registryList, 'vaults/KV-IMAGES']);
    expect(await store.due.count()).toBe(0);
    for (const { id } of many) expect((await readView(store, id)).history).toEqual([[], ...opened]);
  });

  it('that has a host of its own reaches whoever hangs on that', async () => {
    const properties = { vaultUri: 'https://keys.contoso.example/' };
    const own = vaultOf('kv-images', { properties });
    const on = registryOf('onown', { host: 'keys.contoso.example' });
    const { sweep, react, store, tenant } = await startMonitor({ resources: [on, own] });
    await sweep();
    tenant.put(unprotected(own));
    const since = tenant.calls.length;
    expect(await react(own.id.toUpperCase())).toEqual({ registries: 1, done: 1, changed: 1, left: 0 });
    const calls = listCalls(tenant, since).map((call) => call.toLowerCase());
    expect(calls.sort()).toEqual(['registries/onown', 'vaults/kv-images']);
    expect((await readView(store, on.id)).findings).toEqual({ kv_nopurgeprotection: 'open' });
    expect(await react(vaultOf('kv-other', { properties }).id)).toMatchObject({ registries: 0 });
  });

  it('on which nothing hangs calls nobody', async () => {
    const { react, callsSince } = await openMany();
    expect(await react(vaultOf('kv-imagesmore').id)).toEqual({ registries: 0, done: 0, changed: 0, left: 0 });
    expect(callsSince()).toEqual([]);
  });

  it('that was deleted finds it where it is kept soft-deleted, once for all', async () => {
    const { react, store, tenant, callsSince } = await openMany();
    tenant.remove(vault.id);
    expect(await react(vault.id)).toMatchObject({ done: 25, changed: 25 });
    expect(callsSince()).toEqual([registryList, 'vaults/kv-images', 'deletedVaults/kv-images']);
    expect((await readView(store, many[0]?.id ?? '')).verdicts.kv_missing).toBe(
      'fail key_holder_soft_deleted',
    );
  });

  it('that was recovered resolves what its deletion opened', async () => {
    const { react, store, tenant } = await openMany();
    tenant.remove(vault.id);
    await react(vault.id);
    tenant.put(vault);
    await react(vault.id);
    expect((await readView(store, many[0]?.id ?? '')).history).toEqual([
      [],
      ['opened kv_missing'],
      ['resolved kv_missing'],
    ]);
  });

  it('that has moved reads it where the event says', async () => {
    const { react, tenant, callsSince } = await openMany();
    tenant.remove(vault.id, { purge: true });
    const moved = vaultOf('kv-images', { subscription: otherSubscription });
    tenant.put(moved);
    expect(await react(moved.id)).toMatchObject({ done: 25, changed: 0 });
    expect(callsSince()).toEqual([registryList, 'vaults/kv-images']);
  });

  it('tells vaults and Managed HSMs of the same name apart', async () => {
    const hsm = hsmOf('kv-images');
    const onHsm = registryOf('onhsm', { host: 'kv-images.managedhsm.azure.net' });
    const onVault = registryOf('onvault', { host });
    const { sweep, react, tenant } = await startMonitor({ resources: [onHsm, onVault, vault, hsm] });
    await sweep();
    const since = tenant.calls.length;
    expect(await react(hsm.id)).toMatchObject({ registries: 1, done: 1 });
    expect(await react(vault.id)).toMatchObject({ registries: 1, done: 1 });
    expect(listCalls(tenant, since).sort()).toEqual([
      'managedHSMs/kv-images',
      'registries/onhsm',
      'registries/onvault',
      'vaults/kv-images',
    ]);
  });

  it('leaves as due what does not fit into its time, and loses nothing', async () => {
    const { react, store, tenant, followUp } = await openMany();
    tenant.put(unprotected(vault));
    const controller = new AbortController();
    const { commit } = store.findings;
    let commits = 0;
    store.findings.commit = (made) => {
      commits += 1;
      if (commits === 12) controller.abort();
      return commit(made);
    };
    const { done, left, reason } = await react(vault.id, controller.signal);
    expect([done > 0, left > 0, done + left, reason]).toEqual([true, true, 25, expect.any(String)]);
    const due = await listAllDue(store);
    expect(due).toHaveLength(left);
    expect(due[0]).toMatchObject({ reason: 'vault_changed', due: '2026-08-01T10:00:00.000Z', tries: 0 });
    expect((await followUp()).assessments).toEqual({ done: left, changed: left, left: 0 });
    for (const { id } of many) expect((await readView(store, id)).history).toEqual([[], ...opened]);
    expect(await store.due.count()).toBe(0);
  });

  it('whose process dies half-way loses nothing', async () => {
    const { react, store, tenant, followUp } = await openMany();
    tenant.put(unprotected(vault));
    const held = holdAnswer(tenant, ({ path }) => path === vault.id);
    const dying = react(vault.id);
    await held.arrived;
    tenant.intercept(undefined);
    expect((await followUp()).assessments).toMatchObject({ done: 25, changed: 25 });
    expect(await store.due.count()).toBe(0);
    held.release();
    expect(await dying).toMatchObject({ changed: 0 });
  });

  it('that can not be read leaves all of them due, with what went wrong', async () => {
    const { react, store, tenant } = await openMany();
    tenant.intercept(({ path }) =>
      path === vault.id ? errorAnswer(429, 'TooManyRequests', 'later') : undefined,
    );
    expect(await react(vault.id)).toMatchObject({ registries: 25, done: 0, left: 25 });
    const due = await listAllDue(store);
    expect(due).toHaveLength(25);
    expect(due[0]).toMatchObject({ due: '2026-08-01T10:00:10.000Z', tries: 1 });
    expect(due[0]?.reason).toContain(`Reading vault ${vault.id}: HTTP 429`);
  });
});
