import { vaultBody } from '../../simulator/tenant/key-holder-body.ts';
import { registryBody } from '../../simulator/tenant/registry-body.ts';
import { subscriptionBody } from '../../simulator/tenant/subscription-body.ts';
import type { ArmBody, TenantContents } from '../../simulator/tenant/tenant-contents.ts';

const tenantId = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
const location = 'westeurope';

/** Ids of the subscriptions; registries are listed in this order. */
export const production = '1f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b';
export const testing = 'e2a3b4c5-d6e7-4f80-9a1b-2c3d4e5f6a7b';

/** The body of a registry, by default a Premium one in production without a customer-managed key. */
export function registry(
  name: string,
  options: { vault?: string; in?: string; state?: string } = {},
): ArmBody {
  const { vault, in: subscriptionId = production, state = 'Succeeded' } = options;
  const keyIdentifier = `https://${vault}.vault.azure.net/keys/acr-cmk`;
  const versionedKeyIdentifier = `${keyIdentifier}/0123456789abcdef0123456789abcdef`;
  const key = { keyIdentifier, versionedKeyIdentifier, identity: 'system' };
  return registryBody({
    subscription: `/subscriptions/${subscriptionId}`,
    group: 'rg-Images',
    location,
    name,
    state,
    ...(vault ? { key, identities: 'system' as const } : {}),
  });
}

/** The body of a vault in production, with purge protection unless its properties say otherwise. */
export function vault(name: string, properties: Record<string, unknown> = {}): ArmBody {
  return vaultBody({
    tenantId,
    subscription: `/subscriptions/${production}`,
    group: 'rg-keys',
    location,
    name,
    properties,
  });
}

/**
 * Six registries: one without a key in each subscription, under one name; one that passes; one whose vault can be
 * purged; one whose vault exists nowhere; one whose vault may not be read.
 */
export function smallTenant(): TenantContents {
  return {
    tenantId,
    subscriptions: [
      subscriptionBody(`/subscriptions/${production}`, 'Production', tenantId),
      subscriptionBody(`/subscriptions/${testing}`, 'Testing', tenantId),
    ],
    resources: [
      registry('acrPlain'),
      registry('acrgood', { vault: 'kv-good' }),
      registry('acrunsafe', { vault: 'kv-unsafe' }),
      registry('acrorphan', { vault: 'kv-gone' }),
      registry('acrsecret', { vault: 'kv-secret' }),
      registry('acrplain', { in: testing }),
      vault('kv-good'),
      vault('kv-unsafe', { enablePurgeProtection: undefined }),
      vault('kv-secret'),
    ],
    unreadable: [{ scope: vault('kv-secret').id }],
  };
}
