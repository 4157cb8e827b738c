import { expect, it } from 'vitest';
import { chainedRegistry, healthy, key, openChain, registry, rolesVault, vault } from '../chain-tenant.ts';

const second = chainedRegistry('second', key);
const other = { ...key, id: `${vault.id}/keys/other`, name: 'other' };
const onOther = chainedRegistry('third', {
  ...other,
  properties: {
    ...other.properties,
    keyUri: 'https://kv-images.vault.azure.net:443/keys/other',
    keyUriWithVersion: 'https://kv-images.vault.azure.net:443/keys/other/1',
  },
});
const day = 86_400_000;

async function open(vaultBody = vault) {
  const resources = [...healthy.filter((one) => one !== vault), vaultBody, second, other, onOther];
  const monitor = await openChain({ resources });
  await monitor.sweep();
  return { ...monitor, ask: monitor.blastRadius };
}

it.each([
  'kv-images',
  'KV-Images',
  'kv-images.vault.azure.net',
  'https://kv-images.vault.azure.net/',
  vault.id,
  vault.id.toUpperCase(),
])('finds what hangs on a vault by %s', async (reference) => {
  const { ask } = await open();
  const [radius, ...more] = await ask(reference);
  expect(more).toEqual([]);
  expect(radius?.registries.map(({ registryId }) => registryId).sort()).toEqual(
    [registry.id, second.id, onOther.id].sort(),
  );
  expect(radius).toMatchObject({
    keyHolder: 'kv-images.vault.azure.net',
    keyHolderId: vault.id,
    state: 'found',
  });
});

it('finds what hangs on a key alone, in any version', async () => {
  const { ask } = await open();
  for (const reference of [
    'https://kv-images.vault.azure.net/keys/OTHER',
    'https://KV-images.vault.azure.net:443/keys/other/1',
    `${vault.id}/keys/other`,
  ]) {
    expect(await ask(reference)).toMatchObject([{ registries: [{ registryId: onOther.id }] }]);
  }
  expect(await ask('https://kv-images.vault.azure.net/keys/none')).toEqual([]);
});

it('finds nothing for what no registry hangs on', async () => {
  const { ask } = await open();
  for (const reference of [
    'kv',
    'kv-image',
    'kv-others.vault.azure.net',
    vault.id.replace('kv-images', 'kv'),
  ]) {
    expect(await ask(reference)).toEqual([]);
  }
});

it('tells whether it could be recovered, and until when', async () => {
  const monitor = await open(rolesVault('kv-images', { softDeleteRetentionInDays: 30 }));
  const { ask, clock, tenant } = monitor;
  const until = new Date(clock.now().getTime() + 30 * day).toISOString();
  expect((await ask('kv-images'))[0]?.recovery).toEqual({ isRecoverable: 'yes', until, isPurgeable: 'no' });
  tenant.put(rolesVault('kv-images', { enablePurgeProtection: undefined, enableSoftDelete: false }));
  expect((await ask('kv-images'))[0]?.recovery).toEqual({ isRecoverable: 'no', isPurgeable: 'yes' });
  tenant.put(rolesVault('kv-images', { enablePurgeProtection: undefined }));
  tenant.remove(vault.id);
  expect((await ask('kv-images'))[0]).toMatchObject({
    state: 'deleted',
    recovery: { isRecoverable: 'yes', until: expect.stringMatching(/^20/), isPurgeable: 'yes' },
  });
  tenant.remove(vault.id, { purge: true });
  expect((await ask('kv-images'))[0]).toMatchObject({
    state: 'absent',
    recovery: { isRecoverable: 'no', isPurgeable: 'no' },
  });
});
