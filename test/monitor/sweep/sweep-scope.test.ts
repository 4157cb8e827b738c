import { describe, expect, it } from 'vitest';
import { hiddenId, otherId, otherSubscription, registryOf, subscriptionId, vaultOf } from '../bodies.ts';
import { type MonitorOptions, startMonitor } from '../fixture.ts';
import { readView } from '../views.ts';

const plain = registryOf('plain');
const elsewhere = registryOf('elsewhere', {
  subscription: otherSubscription,
  host: 'kv-images.vault.azure.net',
});
const vault = vaultOf('kv-images');
const root = { name: 'contoso', displayName: 'Contoso' };
const landing = { name: 'landing-zones', displayName: 'Landing zones', parent: 'contoso' };
const online = { name: 'online', displayName: 'Online', parent: 'landing-zones', subscriptions: [otherId] };
const managementGroups = [root, landing, online];

describe.each(['arm', 'graph'] as const)('a sweep by %s of a management group', (inventory) => {
  const open = (options: MonitorOptions) =>
    startMonitor({ resources: [plain, elsewhere, vault], inventory, managementGroups, ...options });

  it.each(['online', 'Landing-Zones', 'contoso'])(
    'reads the subscriptions at any depth below it, and follows keys out of them: %s',
    async (managementGroup) => {
      const { sweep, store } = await open({ managementGroup });
      expect(await sweep()).toMatchObject({
        outcome: 'complete',
        subscriptions: 1,
        registries: 1,
        assessed: 1,
      });
      expect((await readView(store, elsewhere.id)).verdicts.kv_missing).toBe('pass key_holder_found');
      expect((await readView(store, plain.id)).revision).toBe(0);
      expect(await store.sweeps.listSubscriptions()).toMatchObject([{ subscriptionId: otherId }]);
      expect(await sweep()).toMatchObject({ assessed: 0, rowsWritten: 1 });
    },
  );

  it('reads those that are named beside it too', async () => {
    const { sweep } = await open({
      managementGroup: 'online',
      subscriptionIds: [subscriptionId.toUpperCase(), otherId],
    });
    expect(await sweep()).toMatchObject({ outcome: 'complete', subscriptions: 2, registries: 2 });
  });

  it('without subscriptions reads none', async () => {
    const { sweep } = await open({ managementGroups: [root], managementGroup: 'contoso' });
    expect(await sweep()).toMatchObject({ outcome: 'complete', subscriptions: 0, registries: 0 });
  });

  it('closes nothing of a subscription that was moved out of it, and does not count it as lost', async () => {
    const { sweep, store } = await open({});
    await sweep();
    const narrow = await open({ managementGroup: 'online', store });
    expect(await narrow.sweep()).toMatchObject({ outcome: 'complete', subscriptions: 1, assessed: 0 });
    expect(await readView(store, plain.id)).toMatchObject({
      state: 'present',
      findings: { acr_nocmk: 'open' },
    });
    expect(await store.sweeps.listSubscriptions()).toMatchObject([{ state: 'read' }, { state: 'read' }]);
    expect(narrow.inbox.messages).toEqual([]);
  });

  it('says when one below it is not in sight', async () => {
    const { sweep, exceptions } = await open({
      managementGroups: [{ ...root, subscriptions: [otherId, hiddenId] }],
      managementGroup: 'contoso',
    });
    expect(await sweep()).toMatchObject({ outcome: 'partial', subscriptions: 1, registries: 1 });
    expect(exceptions).toMatchObject([{ subscriptionId: hiddenId, reason: 'subscription_lost' }]);
  });

  it('that is not there, or may not be read, has failed and touches nothing', async () => {
    const { sweep, store } = await open({});
    await sweep();
    const group = '/providers/Microsoft.Management/managementGroups/online';
    for (const options of [
      { managementGroup: 'no-such-group' },
      { managementGroup: 'online', unreadable: [{ scope: group }] },
    ]) {
      const narrow = await open({ ...options, store });
      expect(await narrow.sweep()).toMatchObject({ outcome: 'failed', registries: 0 });
      expect(narrow.exceptions).toMatchObject([{ reason: expect.stringContaining(options.managementGroup) }]);
    }
    expect((await readView(store, plain.id)).state).toBe('present');
    expect(await store.sweeps.listSubscriptions()).toMatchObject([{ state: 'read' }, { state: 'read' }]);
  });
});
