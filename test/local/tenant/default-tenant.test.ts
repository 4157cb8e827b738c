import { expect, test } from 'vitest';
import { defaultTenant, newRegistryWithoutCmk } from '../../../src/local/tenant/default-tenant.ts';
import { createTenantState } from '../../../src/local/tenant/tenant-state.ts';

const now = new Date('2026-09-01T00:00:00Z');
const { resources, subscriptions, hiddenSubscriptions = [] } = defaultTenant(now);
const registries = resources.filter((body) => body.type === 'Microsoft.ContainerRegistry/registries');

test('holds about 40 registries, and nothing twice', () => {
  expect(registries.length).toBeGreaterThanOrEqual(38);
  expect(registries.length).toBeLessThanOrEqual(45);
  expect(new Set(resources.map((body) => body.id.toLowerCase())).size).toBe(resources.length);
});

test('can be served as it is, each resource in a declared subscription', () => {
  const state = createTenantState(defaultTenant(now));
  const known = subscriptions.map((body) => body.id);
  for (const body of resources) {
    expect(state.get(body.id)).toEqual(body);
    expect(known).toContain(body.id.split('/').slice(0, 3).join('/'));
  }
  expect(hiddenSubscriptions.map(state.hasSubscription)).toEqual([false]);
});

test('gives every readable key holder the keys that registries name', () => {
  const state = createTenantState(defaultTenant(now));
  const keyUris = resources.flatMap((body) => body.properties?.keyUri ?? []).map(toPlainUri);
  const holders = resources.map((body) => body.properties?.vaultUri ?? body.properties?.hsmUri);
  const unreadable = ['kv-platform-escrow', 'kv-fabrikam-images', 'kv-contoso-root', 'hsm-data-retired'];
  for (const body of registries) {
    const uri = keyIdentifierOf(body.properties?.encryption);
    const host = uri && new URL(uri).hostname;
    const isHeld = holders.some((holder) => holder && new URL(String(holder)).hostname === host);
    if (!uri || !host || !isHeld || unreadable.includes(host.split('.')[0] ?? '')) continue;
    expect(keyUris, `${body.name}`).toContain(toPlainUri(uri));
  }
  expect(state.isNameTaken('vaults', 'kv-retail-archive')).toBe(true);
  expect(state.isNameTaken('vaults', 'kv-retail-closed')).toBe(false);
});

test('offers a new registry that is not there yet', () => {
  const body = newRegistryWithoutCmk();
  expect(resources.map((one) => one.id)).not.toContain(body.id);
  expect(body).toMatchObject({
    sku: { name: 'Premium' },
    properties: { encryption: { status: 'disabled' } },
  });
});

function keyIdentifierOf(encryption: unknown): string | undefined {
  return (encryption as { keyVaultProperties?: { keyIdentifier?: string } } | undefined)?.keyVaultProperties
    ?.keyIdentifier;
}

function toPlainUri(uri: unknown): string {
  const { hostname, pathname } = new URL(String(uri));
  return `${hostname}${pathname.split('/').slice(0, 3).join('/')}`;
}
