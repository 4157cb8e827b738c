import { defaultAccess } from './default-access.ts';
import { defaultEvents } from './default-events.ts';
import { defaultKeyHolders } from './default-key-holders.ts';
import { identities, managementGroups, subscriptions, tenantId } from './default-places.ts';
import { defaultRegistries } from './default-registries.ts';
import { identityBody } from './managed-identity.ts';
import { registryBody } from './registry-body.ts';
import { subscriptionBody } from './subscription-body.ts';
import type { ArmBody, TenantContents } from './tenant-contents.ts';

/** A made-up tenant of about 50 registries that shows every outcome of every rule; ends of keys follow from `now`. */
export function defaultTenant(now: Date = new Date()): TenantContents {
  return {
    tenantId,
    subscriptions: [
      subscriptionBody(subscriptions.platform, 'Contoso Platform', tenantId),
      subscriptionBody(subscriptions.retail, 'Contoso Retail', tenantId),
      subscriptionBody(subscriptions.data, 'Contoso Data and AI', tenantId),
      subscriptionBody(subscriptions.development, 'Contoso Development', tenantId),
      subscriptionBody(subscriptions.fabrikam, 'Fabrikam (acquired 2025)', tenantId),
      subscriptionBody(subscriptions.sandbox, 'Contoso Sandbox', tenantId),
      subscriptionBody(subscriptions.security, 'Contoso Security', tenantId),
    ],
    resources: [
      ...defaultRegistries(),
      ...defaultKeyHolders(now),
      ...Object.values(identities).map((one) => identityBody(one, 'westeurope', tenantId)),
      ...defaultAccess(),
      ...defaultEvents(),
    ],
    managementGroups,
    hiddenSubscriptions: [subscriptions.security.slice('/subscriptions/'.length)],
    unreadable: [
      { scope: subscriptions.fabrikam },
      {
        scope: `${subscriptions.platform}/resourceGroups/rg-images-weu/providers/Microsoft.KeyVault/vaults/kv-platform-escrow`,
      },
    ],
  };
}

/** A new Premium registry in the default tenant whose images no customer-managed key protects. */
export function newRegistryWithoutCmk(name = 'acrretailblackfriday', now: Date = new Date()): ArmBody {
  return registryBody({
    subscription: subscriptions.retail,
    group: 'rg-retail-registries',
    name,
    location: 'eastus',
    createdAt: now.toISOString(),
  });
}
