import { managedHsmBody, vaultBody } from '../../simulator/tenant/key-holder-body.ts';
import { registryBody } from '../../simulator/tenant/registry-body.ts';
import type { ArmBody } from '../../simulator/tenant/tenant-contents.ts';
import { subscription, tenantId } from '../simulator/tenant/tenant-clients.ts';

export { hiddenId, subscription, subscriptionId } from '../simulator/tenant/tenant-clients.ts';

/** A second subscription that the monitor sees. */
export const otherId = '77777777-aaaa-4bbb-8ccc-888888888888';
export const otherSubscription = `/subscriptions/${otherId}`;

const location = 'westeurope';

interface Place {
  subscription?: string;
  group?: string;
}

/** Body of a registry; `host` is the key holder of its key, and without one it has none. */
export function registryOf(
  name: string,
  { host, ...changes }: Place & { host?: string; createdAt?: string; state?: string } = {},
): ArmBody {
  const keyIdentifier = `https://${host}/keys/images`;
  const key = { keyIdentifier, versionedKeyIdentifier: `${keyIdentifier}/0123`, identity: 'system' };
  return registryBody({
    subscription,
    group: 'rg-images',
    location,
    name,
    ...(host ? { key, identities: 'system' } : {}),
    ...changes,
  });
}

/** Body of a vault, with purge protection where `properties` don't say otherwise. */
export function vaultOf(
  name: string,
  { properties = {}, ...place }: Place & { properties?: Record<string, unknown> } = {},
): ArmBody {
  return vaultBody({ tenantId, subscription, group: 'rg-keys', location, name, ...place, properties });
}

/** Body of a Managed HSM, with purge protection where `properties` don't say otherwise. */
export function hsmOf(name: string, properties: Record<string, unknown> = {}): ArmBody {
  return managedHsmBody({ tenantId, subscription, group: 'rg-keys', location, name }, properties);
}

/** The same vault with purge protection off, which fails `kv_nopurgeprotection`. */
export function unprotected(vault: ArmBody): ArmBody {
  const { enablePurgeProtection: _, ...properties } = vault.properties ?? {};
  return { ...vault, properties };
}
