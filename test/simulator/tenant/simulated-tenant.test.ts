import { describe, expect, test } from 'vitest';
import {
  keyBody,
  keyVersionBody,
  managedHsmBody,
  vaultBody,
} from '../../../simulator/tenant/key-holder-body.ts';
import { registryBody } from '../../../simulator/tenant/registry-body.ts';
import { all, hiddenId, startForTest, subscription, subscriptionId, tenantId } from './tenant-clients.ts';

const place = { tenantId, subscription, group: 'rg-keys', location: 'westeurope' };
const registry = (name: string) =>
  registryBody({ subscription, group: 'rg-images', name, location: 'westeurope' });
const vault = vaultBody({ ...place, name: 'kv-images' });
const hsm = managedHsmBody({ ...place, name: 'hsm-images' });

describe('subscriptions', () => {
  test('lists those that are visible, and answers one by its id', async () => {
    const { subscriptions } = await startForTest({});
    const listed = await all(subscriptions.subscriptions.list());
    expect(listed.map((one) => one.subscriptionId)).toEqual([subscriptionId]);
    expect(listed[0]).toMatchObject({ displayName: 'Production', state: 'Enabled', tenantId });
    expect(await subscriptions.subscriptions.get(subscriptionId)).toMatchObject({
      displayName: 'Production',
    });
    await expect(subscriptions.subscriptions.get(hiddenId)).rejects.toMatchObject({
      statusCode: 404,
      code: 'SubscriptionNotFound',
    });
  });

  test('lists the tenant', async () => {
    const { subscriptions } = await startForTest({});
    expect(await all(subscriptions.tenants.list())).toMatchObject([{ tenantId }]);
  });
});

describe('registries', () => {
  test('are listed over pages, also where empty pages come in between and at the end', async () => {
    const resources = ['a1', 'b2', 'c3', 'd4', 'e5'].map((name) => registry(`images${name}`));
    for (const emptyPages of [false, true]) {
      const { registries, tenant } = await startForTest({ resources }, { pageSize: 2, emptyPages });
      const listed = await all(registries.list());
      expect(listed.map((one) => one.name)).toEqual(resources.map((one) => one.name));
      const pages = tenant.calls.filter((call) => call.path.endsWith('/registries'));
      expect(pages).toHaveLength(emptyPages ? 7 : 3);
      expect(pages.every((page) => page.query['api-version'] && page.status === 200)).toBe(true);
    }
  });

  test('are answered by their id, in any casing, and listed by their group', async () => {
    const { registries } = await startForTest({ resources: [registry('imagesProd')] });
    expect(await registries.get('RG-IMAGES', 'imagesprod')).toMatchObject({
      name: 'imagesProd',
      sku: { name: 'Premium' },
      encryption: { status: 'disabled' },
      provisioningState: 'Succeeded',
    });
    expect(await all(registries.listByResourceGroup('Rg-Images'))).toHaveLength(1);
    await expect(all(registries.listByResourceGroup('rg-other'))).rejects.toMatchObject({
      code: 'ResourceGroupNotFound',
    });
  });

  test('that are gone or never were are not found, in the words of the gateway', async () => {
    const { registries, tenant } = await startForTest({ resources: [registry('images')] });
    tenant.remove(registry('images').id.toUpperCase());
    await expect(registries.get('rg-images', 'images')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceNotFound',
      message: expect.stringContaining(
        "'Microsoft.ContainerRegistry/registries/images' under resource group 'rg-images'",
      ),
    });
    await expect(registries.get('rg-none', 'images')).rejects.toMatchObject({
      code: 'ResourceGroupNotFound',
    });
  });

  test('appear and change as they are put', async () => {
    const { registries, tenant } = await startForTest({});
    tenant.put(registry('images'));
    tenant.put({ ...registry('images'), location: 'northeurope' });
    expect(await registries.get('rg-images', 'images')).toMatchObject({ location: 'northeurope' });
    expect(tenant.get(registry('IMAGES').id)).toMatchObject({ location: 'northeurope' });
  });
});

describe('key holders', () => {
  test('are listed and read with all their properties', async () => {
    const { keyVault } = await startForTest({ resources: [vault, hsm] });
    const vaults = await all(keyVault.vaults.listBySubscription());
    expect(vaults.map((one) => one.properties.enablePurgeProtection)).toEqual([true]);
    expect(await keyVault.vaults.get('rg-keys', 'KV-IMAGES')).toMatchObject({
      properties: { vaultUri: 'https://kv-images.vault.azure.net/' },
    });
    expect(await all(keyVault.managedHsms.listBySubscription())).toMatchObject([{ name: 'hsm-images' }]);
    expect(await keyVault.managedHsms.get('rg-keys', 'hsm-images')).toMatchObject({
      properties: { hsmUri: 'https://hsm-images.managedhsm.azure.net/' },
    });
  });

  test('stay behind soft-deleted, and purging frees the name', async () => {
    const { keyVault, tenant } = await startForTest({ resources: [vault, hsm] });
    const isFree = async (name: string) =>
      (await keyVault.vaults.checkNameAvailability({ name, type: 'Microsoft.KeyVault/vaults' }))
        .nameAvailable;
    tenant.remove(vault.id);
    tenant.remove(hsm.id);

    await expect(keyVault.vaults.get('rg-keys', 'kv-images')).rejects.toMatchObject({
      code: 'ResourceNotFound',
    });
    expect(await all(keyVault.vaults.listDeleted())).toMatchObject([{ name: 'kv-images' }]);
    expect(await keyVault.vaults.getDeleted('kv-images', 'West Europe')).toMatchObject({
      properties: { vaultId: vault.id, location: 'westeurope', purgeProtectionEnabled: true },
    });
    expect(await all(keyVault.managedHsms.listDeleted())).toHaveLength(1);
    expect(await keyVault.managedHsms.getDeleted('hsm-images', 'westeurope')).toMatchObject({
      properties: { mhsmId: hsm.id },
    });
    expect(await isFree('kv-images')).toBe(false);

    tenant.remove(vault.id, { purge: true });
    expect(await isFree('kv-images')).toBe(true);
    await expect(keyVault.vaults.getDeleted('kv-images', 'westeurope')).rejects.toMatchObject({
      statusCode: 404,
      code: 'DeletedVaultNotFound',
    });
  });

  test('with soft delete off are gone at once; recovered ones are no longer deleted', async () => {
    const unsafe = vaultBody({ ...place, name: 'kv-unsafe', properties: { enableSoftDelete: false } });
    const { keyVault, tenant } = await startForTest({ resources: [vault, unsafe] });
    tenant.remove(unsafe.id);
    tenant.remove(vault.id);
    tenant.put(vault);
    expect(await all(keyVault.vaults.listDeleted())).toEqual([]);
    expect(await keyVault.vaults.get('rg-keys', 'kv-images')).toMatchObject({ name: 'kv-images' });
  });

  test('keep their names apart by type, and taken where nobody sees them', async () => {
    const hidden = vaultBody({ ...place, subscription: `/subscriptions/${hiddenId}`, name: 'kv-hidden' });
    const unseen = `${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-unseen`;
    const { keyVault } = await startForTest({ resources: [vault, hidden], unseenHolders: [unseen] });
    const check = (name: string) =>
      keyVault.vaults.checkNameAvailability({ name, type: 'Microsoft.KeyVault/vaults' });
    expect(await all(keyVault.vaults.listBySubscription())).toHaveLength(1);
    expect(await check('KV-HIDDEN')).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
    expect(await check('kv-unseen')).toMatchObject({ nameAvailable: false });
    expect(await check('kv-free')).toMatchObject({ nameAvailable: true });
    expect(await keyVault.managedHsms.checkMhsmNameAvailability({ name: 'kv-images' })).toMatchObject({
      nameAvailable: true,
    });
  });
});

describe('keys', () => {
  const key = keyBody(vault, { name: 'images', version: 'second', attributes: { exp: 1_900_000_000 } });
  const older = keyVersionBody(key, 'first', { enabled: false });

  test('are read by the control plane with their versions', async () => {
    const { keyVault } = await startForTest({ resources: [vault, key, older] });
    const { keys } = keyVault;
    expect((await all(keys.list('rg-keys', 'kv-images'))).map((one) => [one.name, one.kty])).toEqual([
      ['images', undefined],
    ]);
    expect(await keys.get('rg-keys', 'kv-images', 'images')).toMatchObject({
      kty: 'RSA',
      attributes: { enabled: true, expires: 1_900_000_000 },
      keyUri: 'https://kv-images.vault.azure.net:443/keys/images',
    });
    const versions = await all(keys.listVersions('rg-keys', 'kv-images', 'images'));
    expect(versions.map((one) => one.attributes?.enabled).sort()).toEqual([false, true]);
    expect(await keys.getVersion('rg-keys', 'kv-images', 'images', older.name ?? '')).toMatchObject({
      attributes: { enabled: false },
    });
    await expect(keys.getVersion('rg-keys', 'kv-images', 'images', 'none')).rejects.toMatchObject({
      code: 'KeyNotFound',
    });
  });

  test('of a Managed HSM are read likewise', async () => {
    const root = keyBody(hsm, { name: 'root', version: 'second' });
    const before = keyVersionBody(root, 'first', { enabled: false });
    const { keyVault } = await startForTest({ resources: [hsm, root, before] });
    const { managedHsmKeys } = keyVault;
    const version = before.name ?? '';
    expect(await managedHsmKeys.getVersion('rg-keys', 'hsm-images', 'root', version)).toMatchObject({
      attributes: { enabled: false },
    });
    await expect(managedHsmKeys.get('rg-keys', 'hsm-images', 'none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'KeyNotFound',
    });
    await expect(managedHsmKeys.getVersion('rg-keys', 'hsm-images', 'root', 'none')).rejects.toMatchObject({
      code: 'KeyNotFound',
    });
    expect(await managedHsmKeys.get('rg-keys', 'hsm-images', 'root')).toMatchObject({ kty: 'RSA-HSM' });
    expect(await all(managedHsmKeys.list('rg-keys', 'hsm-images'))).toHaveLength(1);
    expect(await all(managedHsmKeys.listVersions('rg-keys', 'hsm-images', 'root'))).toHaveLength(2);
  });

  test('that are deleted in a live vault are not found, nor are their versions', async () => {
    const { keyVault, tenant } = await startForTest({ resources: [vault, key, older] });
    tenant.remove(key.id);
    const { keys } = keyVault;
    await expect(keys.get('rg-keys', 'kv-images', 'images')).rejects.toMatchObject({
      statusCode: 404,
      code: 'KeyNotFound',
    });
    await expect(keys.getVersion('rg-keys', 'kv-images', 'images', older.name ?? '')).rejects.toMatchObject({
      code: 'KeyNotFound',
    });
  });

  test('are not found without their vault, come back with it, and are lost by purging', async () => {
    const { keyVault, tenant } = await startForTest({ resources: [vault, key] });
    const read = () => keyVault.keys.get('rg-keys', 'kv-images', 'images');
    await expect(keyVault.keys.get('rg-keys', 'kv-images', 'none')).rejects.toMatchObject({
      code: 'KeyNotFound',
    });
    tenant.remove(vault.id);
    await expect(read()).rejects.toMatchObject({ statusCode: 404, code: 'ParentResourceNotFound' });
    tenant.put(vault);
    expect(await read()).toMatchObject({ name: 'images' });
    tenant.remove(vault.id, { purge: true });
    tenant.put(vault);
    await expect(read()).rejects.toMatchObject({ code: 'KeyNotFound' });
  });
});
