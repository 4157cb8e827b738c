import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import type { ArmBody } from '../../../simulator/tenant/tenant-contents.ts';
import { hiddenId, otherSubscription, registryOf, subscription, unprotected, vaultOf } from '../bodies.ts';
import { asked, found, host, notVisible, openOne as open, read, registry } from '../one-registry.ts';
import { readView } from '../views.ts';

const vault = vaultOf('kv-images');
const elsewhere = vaultOf('kv-images', { subscription: otherSubscription });
const hidden = vaultOf('kv-images', { subscription: `/subscriptions/${hiddenId}` });

describe('a key holder that was seen before', () => {
  it('is read where it was', async () => {
    const { assess } = await open({ resources: [vault] });
    await assess();
    expect(await assess()).toEqual({ calls: [read, 'vaults/kv-images'], missing: found });
  });

  it('is looked for among what is soft-deleted there', async () => {
    const { assess, tenant } = await open({ resources: [vault] });
    await assess();
    tenant.remove(vault.id);
    expect(await assess()).toEqual({
      calls: [read, 'vaults/kv-images', 'deletedVaults/kv-images'],
      missing: 'fail key_holder_soft_deleted',
    });
  });

  it('is absent once its name is free, in four calls each time', async () => {
    const { assess, tenant } = await open({ resources: [vault] });
    await assess();
    tenant.remove(vault.id, { purge: true });
    const calls = [read, 'vaults/kv-images', 'deletedVaults/kv-images'];
    const absent = {
      calls: [...calls, asked],
      missing: 'fail key_holder_absent',
    };
    expect(await assess()).toEqual(absent);
    expect(await assess()).toEqual(absent);
  });

  it.each<[string, ArmBody]>([
    ['group', vaultOf('kv-images', { group: 'rg-moved' })],
    ['subscription', elsewhere],
  ])('is found again after it moved to another %s, and stays known', async (_, moved) => {
    const { assess, tenant } = await open({ resources: [vault] });
    await assess();
    tenant.remove(vault.id, { purge: true });
    tenant.put(moved);
    expect(await assess()).toMatchObject({ missing: found });
    expect(await assess()).toEqual({ calls: [read, 'vaults/kv-images'], missing: found });
  });

  it('is found after it moved by whoever hangs on it, once one of them found it', async () => {
    const others = ['aaa', 'zzz'].map((name) => registryOf(name, { host }));
    const { assess, tenant } = await open({ resources: [...others, vault] });
    for (const { id } of [registry, ...others]) await assess(id);
    tenant.remove(vault.id, { purge: true });
    tenant.put(elsewhere);
    await assess();
    for (const { id } of [registry, ...others]) {
      const { calls, missing } = await assess(id);
      expect([calls.length <= 4, missing]).toEqual([true, found]);
    }
  });

  it('is the new one once it was purged and created again', async () => {
    const { assess, tenant, store } = await open({ resources: [vault] });
    await assess();
    tenant.remove(vault.id, { purge: true });
    await assess();
    tenant.put(unprotected(elsewhere));
    expect(await assess()).toMatchObject({ missing: found });
    expect((await readView(store, registry.id)).verdicts.kv_nopurgeprotection).toBe(
      'fail purge_protection_off',
    );
  });

  it('is unreadable where we may not read it, without a search', async () => {
    const { assess, tenant } = await open({ resources: [vault] });
    await assess();
    tenant.intercept(({ path }) =>
      path === vault.id ? errorAnswer(403, 'AuthorizationFailed', 'no') : undefined,
    );
    expect(await assess()).toMatchObject({ missing: 'unknown key_holder_unreadable' });
  });

  it('in a subscription that we see no more is unknown', async () => {
    const { assess, tenant } = await open({ resources: [elsewhere] });
    await assess();
    tenant.intercept(({ path }) =>
      path.startsWith(otherSubscription)
        ? { kind: 'json', status: 404, body: { error: { code: 'SubscriptionNotFound', message: 'no' } } }
        : undefined,
    );
    expect(await assess()).toMatchObject({ missing: notVisible });
  });
});

describe('a key holder that was never seen', () => {
  it("is looked for in the registry's own subscription first, once its name is known to be taken", async () => {
    const { assess } = await open({ resources: [vault] });
    expect(await assess()).toEqual({
      calls: [read, asked, 'Microsoft.KeyVault/vaults', 'vaults/kv-images'],
      missing: found,
    });
  });

  it('is absent when its name is free, without any search', async () => {
    const { assess } = await open();
    expect(await assess()).toEqual({ calls: [read, asked], missing: 'fail key_holder_absent' });
  });

  it('is found in another subscription', async () => {
    const { assess } = await open({ resources: [elsewhere] });
    expect(await assess()).toMatchObject({ missing: found });
  });

  it('is found soft-deleted in another subscription, and there again', async () => {
    const { assess, tenant } = await open({ resources: [elsewhere] });
    tenant.remove(elsewhere.id);
    expect(await assess()).toMatchObject({ missing: 'fail key_holder_soft_deleted' });
    expect(await assess()).toEqual({
      calls: [read, 'vaults/kv-images', 'deletedVaults/kv-images'],
      missing: 'fail key_holder_soft_deleted',
    });
  });

  it('is found elsewhere though we may not ask whether its name is free', async () => {
    const action = 'Microsoft.KeyVault/checkNameAvailability/read';
    const { assess } = await open({ resources: [elsewhere], unreadable: [{ scope: subscription, action }] });
    expect(await assess()).toMatchObject({ missing: found });
  });

  it('is unreadable when it is seen nowhere and we may not ask whether its name is free', async () => {
    const action = 'Microsoft.KeyVault/checkNameAvailability/read';
    const { assess } = await open({ resources: [hidden], unreadable: [{ scope: subscription, action }] });
    expect(await assess()).toMatchObject({ missing: 'unknown key_holder_unreadable' });
    expect((await assess()).calls).toHaveLength(2);
  });
});
