import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { keyBody, managedHsmBody, vaultBody } from '../../../simulator/tenant/key-holder-body.ts';
import { createReadBudget } from '../../../simulator/tenant/read-budget.ts';
import { registryBody } from '../../../simulator/tenant/registry-body.ts';
import { all, hiddenId, startForTest, subscription, tenantId } from './tenant-clients.ts';

const registry = registryBody({ subscription, group: 'rg-images', name: 'images', location: 'westeurope' });
const vault = vaultBody({
  tenantId,
  subscription,
  group: 'rg-keys',
  name: 'kv-images',
  location: 'westeurope',
});

describe('permissions', () => {
  test('refuse every read below an unreadable scope, naming action and scope', async () => {
    const { registries, keyVault } = await startForTest({
      resources: [registry, vault],
      unreadable: [{ scope: subscription, action: 'Microsoft.ContainerRegistry/registries/read' }],
    });
    await expect(all(registries.list())).rejects.toMatchObject({ statusCode: 403 });
    await expect(registries.get('rg-images', 'images')).rejects.toMatchObject({
      statusCode: 403,
      code: 'AuthorizationFailed',
      message: expect.stringContaining(
        `perform action 'Microsoft.ContainerRegistry/registries/read' over scope '${registry.id}'`,
      ),
    });
    expect(await all(keyVault.vaults.listBySubscription())).toHaveLength(1);
  });

  test('refuse one resource, which lists leave out without a word', async () => {
    const { keyVault } = await startForTest({ resources: [vault], unreadable: [{ scope: vault.id }] });
    await expect(keyVault.vaults.get('rg-keys', 'kv-images')).rejects.toMatchObject({ statusCode: 403 });
    await expect(keyVault.keys.get('rg-keys', 'kv-images', 'any')).rejects.toMatchObject({ statusCode: 403 });
    expect(await all(keyVault.vaults.listBySubscription())).toHaveLength(0);
  });
});

describe('permissions on keys', () => {
  const hsm = managedHsmBody({ tenantId, subscription, group: 'rg-keys', name: 'hsm', location: 'uksouth' });
  const key = keyBody(vault, { name: 'images' });
  const root = keyBody(hsm, { name: 'root' });
  const versionOf = (body: typeof key) => String(body.properties?.keyUriWithVersion).split('/').at(-1) ?? '';

  test.each([
    ['Microsoft.KeyVault/vaults/keys/read', [403, 200, 200, 200]],
    ['Microsoft.KeyVault/vaults/keys/versions/read', [200, 403, 200, 200]],
    ['Microsoft.KeyVault/managedHSMs/keys/read', [200, 200, 403, 200]],
    ['Microsoft.KeyVault/managedHSMs/keys/versions/read', [200, 200, 200, 403]],
  ])('%s refuses only what it is about', async (action, statuses) => {
    const { tenant, keyVault } = await startForTest({
      resources: [vault, hsm, key, root],
      unreadable: [{ scope: subscription, action }],
    });
    await Promise.allSettled([
      keyVault.keys.get('rg-keys', 'kv-images', 'images'),
      keyVault.keys.getVersion('rg-keys', 'kv-images', 'images', versionOf(key)),
      keyVault.managedHsmKeys.get('rg-keys', 'hsm', 'root'),
      keyVault.managedHsmKeys.getVersion('rg-keys', 'hsm', 'root', versionOf(root)),
    ]);
    const byPath = Object.fromEntries(tenant.calls.map(({ path, status }) => [path, status]));
    const asked = [
      key.id,
      `${key.id}/versions/${versionOf(key)}`,
      root.id,
      `${root.id}/versions/${versionOf(root)}`,
    ];
    expect(asked.map((path) => byPath[path])).toEqual(statuses);
  });
});

describe('requests that are wrong', () => {
  test('are refused in the shape of Resource Manager', async () => {
    const { tenant } = await startForTest({});
    const ask = async (path: string, authorization = 'Bearer any') => {
      const response = await fetch(`${tenant.armEndpoint}${path}`, { headers: { authorization } });
      expect(response.headers.get('x-ms-correlation-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      return `${response.status} ${error.code}`;
    };
    expect(await ask('/subscriptions?api-version=2022-12-01', '')).toBe('401 AuthenticationFailed');
    expect(await ask('/subscriptions')).toBe('400 MissingApiVersionParameter');
    expect(await ask('/nowhere?api-version=1')).toBe('404 NotFound');
    expect(await ask(`${subscription}/providers/Microsoft.Sql/servers?api-version=1`)).toBe(
      '404 InvalidResourceType',
    );
    const hidden = `/subscriptions/${hiddenId}/providers/Microsoft.ContainerRegistry/registries`;
    expect(await ask(`${hidden}?api-version=2025-11-01`)).toBe('404 SubscriptionNotFound');
  });
});

describe('throttling', () => {
  test('answers 429 with Retry-After once the bucket of the subscription is empty', async () => {
    const throttle = createReadBudget(() => 0, 2);
    const { tenant, registries, keyVault } = await startForTest(
      { resources: [registry, vault] },
      { throttle },
    );
    expect(await all(registries.list())).toHaveLength(1);
    const second = await fetch(`${tenant.armEndpoint}${registry.id}?api-version=2025-11-01`, {
      headers: { authorization: 'Bearer any' },
    });
    expect(second.status).toBe(200);
    expect(second.headers.get('x-ms-ratelimit-remaining-subscription-global-reads')).toBe('0');
    await expect(all(keyVault.vaults.listBySubscription())).rejects.toMatchObject({ statusCode: 429 });
    const fourth = await fetch(second.url, { headers: { authorization: 'Bearer any' } });
    expect(fourth.headers.get('retry-after')).toBe('1');
    expect(await fourth.json()).toMatchObject({ error: { code: 'SubscriptionRequestsThrottled' } });
  });
});

describe('intercepted requests', () => {
  test('are answered by the handler, or by the tenant where it has no answer', async () => {
    const { tenant, registries } = await startForTest({ resources: [registry] });
    tenant.intercept(({ path }) =>
      path.endsWith('/other')
        ? { kind: 'text', status: 200, contentType: 'text/html', text: '<html>Sign in</html>' }
        : undefined,
    );
    expect(await registries.get('rg-images', 'images')).toMatchObject({ name: 'images' });
    await expect(registries.get('rg-images', 'other')).rejects.toThrow();
    tenant.intercept(() => ({ kind: 'json', status: 500, body: { Message: 'An error has occurred.' } }));
    await expect(registries.get('rg-images', 'images')).rejects.toMatchObject({ statusCode: 500 });
    expect(tenant.calls.map((call) => call.status)).toEqual([200, 200, 500]);
    tenant.intercept(undefined);
    expect(await registries.get('rg-images', 'images')).toMatchObject({ name: 'images' });
  });

  test('are held until the handler decides', async () => {
    const { tenant, registries } = await startForTest({ resources: [registry] });
    const held = Promise.withResolvers<undefined>();
    tenant.intercept(() => held.promise);
    const reading = registries.get('rg-images', 'images');
    await expect.poll(() => tenant.calls.length).toBe(1);
    expect(tenant.calls[0]?.status).toBeUndefined();
    tenant.put({ ...registry, location: 'northeurope' });
    held.resolve(undefined);
    expect(await reading).toMatchObject({ location: 'northeurope' });
  });

  test('may end in the middle of the body, in no answer, or in a broken connection', async () => {
    const { tenant, registries } = await startForTest({ resources: [registry] });
    tenant.intercept(() => ({ kind: 'cut', status: 200, body: registry }));
    await expect(registries.get('rg-images', 'images')).rejects.toThrow();
    tenant.intercept(() => ({ kind: 'reset' }));
    await expect(registries.get('rg-images', 'images')).rejects.toThrow();
    tenant.intercept(() => ({ kind: 'silence' }));
    const abortSignal = AbortSignal.timeout(50);
    await expect(registries.get('rg-images', 'images', { abortSignal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('do not keep the tenant from closing', async () => {
    const { tenant, registries } = await startForTest({ resources: [registry] });
    tenant.intercept(() => ({ kind: 'silence' }));
    const reading = registries.get('rg-images', 'images').catch(() => 'broken');
    await expect.poll(() => tenant.calls.length).toBe(1);
    await tenant.close();
    expect(await Promise.race([reading, delay(5000, 'hangs')])).toBe('broken');
  });
});
