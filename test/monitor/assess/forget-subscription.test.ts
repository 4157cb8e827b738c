import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { otherId, otherSubscription, registryOf, subscriptionId, vaultOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { readView } from '../views.ts';

const plain = registryOf('plain');
const others = ['aaa', 'bbb'].map((name) => registryOf(name, { subscription: otherSubscription }));
const encrypted = registryOf('ccc', { subscription: otherSubscription, host: 'kv-images.vault.azure.net' });
const vault = vaultOf('kv-images');
const resources = [plain, ...others, encrypted, vault];

/** A monitor whose other subscription was read once, and lost a minute later. */
async function openLost() {
  const monitor = await startMonitor({ resources });
  await monitor.sweep();
  monitor.clock.advance(60_000);
  monitor.tenant.intercept(({ path }) => {
    if (path.startsWith(otherSubscription)) return errorAnswer(404, 'SubscriptionNotFound', 'no');
    const value = [{ subscriptionId }];
    return path === '/subscriptions' ? { kind: 'json', status: 200, body: { value } } : undefined;
  });
  await monitor.sweep();
  monitor.inbox.messages.length = 0;
  monitor.clock.advance(60_000);
  return monitor;
}

describe('forgetting a subscription', () => {
  it('that is lost closes on record what is open on its registries, and tells it', async () => {
    const { forget, store, inbox, tenant } = await openLost();
    const calls = tenant.calls.length;
    expect(await forget(otherId)).toEqual({ state: 'forgotten', registries: 3, closed: 2 });
    for (const { id } of others) {
      expect(await readView(store, id)).toMatchObject({
        state: 'gone',
        verdicts: {},
        findings: { acr_nocmk: 'closed' },
        history: [['opened acr_nocmk'], ['closed acr_nocmk']],
      });
    }
    expect(await readView(store, encrypted.id)).toMatchObject({ state: 'gone', findings: {} });
    expect(await readView(store, plain.id)).toMatchObject({
      state: 'present',
      findings: { acr_nocmk: 'open' },
    });
    expect(await store.findings.listLinks('kv-images.')).toEqual([]);
    const closed = { rule: 'acr_nocmk', transition: 'closed', reason: 'subscription_forgotten' };
    expect(inbox.messages).toMatchObject([
      { source: 'manual', registry: { subscriptionId: otherId }, transitions: [closed] },
      { source: 'manual', registry: { subscriptionId: otherId }, transitions: [closed] },
    ]);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { subscriptionId, state: 'read' },
      {
        subscriptionId: otherId,
        state: 'forgotten',
        since: '2026-08-01T10:02:00.000Z',
        firstSeen: '2026-08-01T10:00:00.000Z',
      },
    ]);
    expect(tenant.calls).toHaveLength(calls);
  });

  it('twice, in any casing, changes nothing more', async () => {
    const { forget, store, inbox, clock } = await openLost();
    await forget(otherId.toUpperCase());
    const before = await store.sweeps.listSubscriptions();
    clock.advance(60_000);
    expect(await forget(otherId)).toEqual({ state: 'forgotten', registries: 0, closed: 0 });
    expect(await store.sweeps.listSubscriptions()).toEqual(before);
    expect(inbox.messages).toHaveLength(2);
  });

  it('that died half-way goes on where it stopped', async () => {
    const { forget, store, inbox } = await openLost();
    const { commit } = store.findings;
    let commits = 0;
    store.findings.commit = (made) => {
      commits += 1;
      return commits === 2 ? Promise.reject(new Error('the store is away')) : commit(made);
    };
    await expect(forget(otherId)).rejects.toThrow('the store is away');
    expect((await store.sweeps.listSubscriptions())[1]).toMatchObject({ state: 'lost' });
    expect(await forget(otherId)).toMatchObject({ state: 'forgotten', registries: 2 });
    for (const { id } of others)
      expect((await readView(store, id)).findings).toEqual({ acr_nocmk: 'closed' });
    expect(inbox.messages).toHaveLength(2);
  });

  it('that is still read is refused, and so is one that may not be read now', async () => {
    const { sweep, forget, store, tenant, inbox } = await startMonitor({ resources });
    await sweep();
    const told = inbox.messages.length;
    expect(await forget(otherId)).toEqual({ state: 'refused', reason: 'still_in_sight' });
    tenant.intercept(({ path }) =>
      path.startsWith(otherSubscription) ? errorAnswer(403, 'AuthorizationFailed', 'no') : undefined,
    );
    await sweep();
    expect((await store.sweeps.listSubscriptions())[1]).toMatchObject({ state: 'unreadable' });
    expect(await forget(otherId)).toEqual({ state: 'refused', reason: 'still_in_sight' });
    expect((await readView(store, others[0]?.id ?? '')).findings).toEqual({ acr_nocmk: 'open' });
    expect(inbox.messages).toHaveLength(told);
  });

  it('that was never seen is refused', async () => {
    const { forget } = await startMonitor();
    expect(await forget(otherId)).toEqual({ state: 'refused', reason: 'never_seen' });
  });

  it('gives way to an assessment that is faster, and then closes what that wrote', async () => {
    const { forget, store, assess, tenant } = await openLost();
    const [first] = others;
    const { commit } = store.findings;
    store.findings.commit = async (made) => {
      store.findings.commit = commit;
      tenant.intercept(undefined);
      await assess(first?.id ?? '');
      return commit(made);
    };
    expect(await forget(otherId)).toMatchObject({ state: 'forgotten', registries: 3, closed: 2 });
    expect(await readView(store, first?.id ?? '')).toMatchObject({ state: 'gone', revision: 3 });
  });

  it('gives up after five lost races, and leaves the subscription lost', async () => {
    const { forget, store } = await openLost();
    store.findings.commit = async () => ({ state: 'lostRace' });
    await expect(forget(otherId)).rejects.toThrow('was assessed by others 10 times');
    expect((await store.sweeps.listSubscriptions())[1]).toMatchObject({ state: 'lost' });
  });
});
