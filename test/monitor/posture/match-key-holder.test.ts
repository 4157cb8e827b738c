import { describe, expect, it } from 'vitest';
import { parseKeyIdentifier } from '../../../src/domain/estate/key-identifier.ts';
import {
  hiddenId,
  hsmOf,
  otherSubscription,
  registryOf,
  subscriptionId,
  unprotected,
  vaultOf,
} from '../bodies.ts';
import { startMonitor, startRun } from '../fixture.ts';
import { listCalls, readView } from '../views.ts';

const vault = vaultOf('kv-images');
const hsm = hsmOf('kv-images');

async function open(resources: Parameters<typeof startMonitor>[0]) {
  const monitor = await startMonitor(resources);
  const run = startRun();
  const finder = monitor.createFinder(run);
  return { ...monitor, run, find: (uri: string) => finder.find(keyOf(uri), subscriptionId) };
}

function keyOf(uri: string) {
  const key = parseKeyIdentifier(uri);
  if (!key) throw new Error(`No key identifier: ${uri}`);
  return key;
}

describe('a key', () => {
  it('leads to the vault or the Managed HSM by the suffix of its host, whatever the name', async () => {
    const { find } = await open({ resources: [vault, hsm] });
    expect(await find('https://KV-Images.vault.azure.net:443/keys/a/')).toMatchObject({ id: vault.id });
    expect(await find('https://kv-images.managedhsm.azure.net/keys/a')).toMatchObject({ id: hsm.id });
  });

  it.each(['PartiallyDeleted', 'Deleting', 'deleted'])(
    'leads to a Managed HSM that is listed, though it counts as deleted: %s',
    async (provisioningState) => {
      const { find } = await open({ resources: [hsmOf('kv-images', { provisioningState })] });
      expect(await find('https://kv-images.managedhsm.azure.net/keys/a')).toMatchObject({
        state: 'deleted',
        id: hsm.id,
      });
    },
  );

  it.each([{ vaultUri: undefined }, { vaultUri: 'https://KV-IMAGES.vault.azure.net' }, { vaultUri: 'odd' }])(
    'leads to the vault of its name where that says of its own address %j',
    async (properties) => {
      const { find } = await open({ resources: [vaultOf('kv-images', { properties })] });
      expect(await find('https://kv-images.vault.azure.net/keys/a')).toMatchObject({ id: vault.id });
    },
  );

  it('of a host of our own leads to whoever says that it is theirs', async () => {
    const properties = { vaultUri: 'https://keys.contoso.example/' };
    const { find, tenant } = await open({ resources: [vaultOf('kv-images', { properties })] });
    expect(await find('https://keys.contoso.example/keys/a')).toMatchObject({ id: vault.id });
    expect(listCalls(tenant)).not.toContain('Microsoft.KeyVault/checkNameAvailability');
  });

  it('of a host that nobody says is theirs is out of sight, never absent', async () => {
    const { find, tenant } = await open({ resources: [vault] });
    expect(await find('https://kv-images.contoso.example/keys/a')).toMatchObject({
      state: 'unreadable',
      reason: 'key_holder_not_visible',
    });
    expect(listCalls(tenant)).not.toContain('Microsoft.KeyVault/checkNameAvailability');
  });

  it('that a vault of the right name has, but with an address of its own, is not its key', async () => {
    const properties = { vaultUri: 'https://other.vault.azure.net/' };
    const { find } = await open({ resources: [vaultOf('kv-images', { properties })] });
    expect(await find('https://kv-images.vault.azure.net/keys/a')).toMatchObject({
      reason: 'key_holder_not_visible',
    });
  });

  it('of another cloud is out of sight: its name can not be asked for here', async () => {
    const { find, tenant } = await open({ resources: [vault] });
    expect(await find('https://kv-images.vault.azure.cn/keys/a')).toMatchObject({
      reason: 'key_holder_not_visible',
    });
    expect(listCalls(tenant)).not.toContain('Microsoft.KeyVault/checkNameAvailability');
  });

  it('of another cloud stays out of sight when an event names a vault of its name here', async () => {
    const registry = registryOf('images', { host: 'kv-images.vault.azure.cn' });
    const { assess, react, store } = await open({ resources: [registry, unprotected(vault)] });
    await assess(registry.id);
    expect(await react(vault.id)).toMatchObject({ registries: 1 });
    expect((await readView(store, registry.id)).verdicts).toMatchObject({
      kv_missing: 'unknown key_holder_not_visible',
      kv_nopurgeprotection: 'unknown key_holder_not_visible',
    });
  });
});

describe('a finder', () => {
  it('reads a key holder once, and each list once, for all who ask', async () => {
    const other = vaultOf('kv-other');
    const { find, tenant, run } = await open({ resources: [vault, other] });
    const uris = ['kv-images', 'kv-other', 'kv-images', 'KV-OTHER'];
    await Promise.all(uris.map((name) => find(`https://${name}.vault.azure.net/keys/a`)));
    expect(listCalls(tenant).sort()).toEqual([
      'Microsoft.KeyVault/checkNameAvailability',
      'Microsoft.KeyVault/checkNameAvailability',
      'Microsoft.KeyVault/vaults',
      'vaults/kv-images',
      'vaults/kv-other',
    ]);
    expect(run.calls).toBe(5);
  });

  it('tells every reading that its answer rests on', async () => {
    const hidden = vaultOf('kv-images', { subscription: `/subscriptions/${hiddenId}` });
    const { find } = await open({ resources: [hidden] });
    const { readings } = await find('https://kv-images.vault.azure.net/keys/a');
    expect(readings.map(({ what, id, status }) => [what, id, status])).toEqual([
      ['nameAvailability', 'kv-images', 200],
    ]);
  });

  it('follows pages to the last one', async () => {
    const others = ['aaa', 'bbb', 'ccc'].map((name) =>
      vaultOf(`kv-${name}`, { subscription: otherSubscription }),
    );
    const last = vaultOf('kv-zzz', { subscription: otherSubscription });
    const { find } = await open({ resources: [...others, last], pageSize: 1, emptyPages: true });
    expect(await find('https://kv-zzz.vault.azure.net/keys/a')).toMatchObject({ id: last.id });
  });
});
