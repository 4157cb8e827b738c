import tls from 'node:tls';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import type { TokenCredential } from '@azure/identity';
import { onTestFinished } from 'vitest';
import {
  type SimulatedTenantOptions,
  startSimulatedTenant,
} from '../../../simulator/tenant/simulated-tenant.ts';
import type { ArmBody, TenantContents } from '../../../simulator/tenant/tenant-contents.ts';

export const tenantId = '11111111-aaaa-4bbb-8ccc-222222222222';
export const subscriptionId = '33333333-aaaa-4bbb-8ccc-444444444444';
export const hiddenId = '55555555-aaaa-4bbb-8ccc-666666666666';
export const subscription = `/subscriptions/${subscriptionId}`;

const anyToken: TokenCredential = {
  getToken: async () => ({ token: 'any', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** Starts a tenant for one test, trusts its certificate and builds the SDK's clients for it. */
export async function startForTest(
  contents: Partial<TenantContents>,
  options: Partial<SimulatedTenantOptions> = {},
  credential: TokenCredential = anyToken,
) {
  const tenant = await startSimulatedTenant({
    contents: {
      tenantId,
      subscriptions: [subscriptionOf(subscriptionId, 'Production'), subscriptionOf(hiddenId, 'Hidden')],
      hiddenSubscriptions: [hiddenId],
      resources: [],
      ...contents,
    },
    ...options,
  });
  onTestFinished(() => tenant.close());
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), tenant.certificate]);
  const clientOptions = { endpoint: tenant.armEndpoint, retryOptions: { maxRetries: 0 } };
  return {
    tenant,
    subscriptions: new SubscriptionClient(credential, clientOptions),
    registries: new ContainerRegistryManagementClient(credential, subscriptionId, clientOptions).registries,
    keyVault: new KeyVaultManagementClient(credential, subscriptionId, clientOptions),
  };
}

function subscriptionOf(id: string, displayName: string): ArmBody {
  return { id: `/subscriptions/${id}`, subscriptionId: id, displayName, state: 'Enabled', tenantId };
}

/** Collects everything that an iterator of the SDK yields. */
export function all<T>(iterator: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(iterator);
}
