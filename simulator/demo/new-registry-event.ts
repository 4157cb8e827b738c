import { randomUUID } from 'node:crypto';
import { registryBody } from '../tenant/registry-body.ts';
import type { ArmBody } from '../tenant/tenant-contents.ts';

/** A new Premium registry without a customer-managed key. */
export function newRegistry(subscriptionId: string): ArmBody {
  return registryBody({
    subscription: `/subscriptions/${subscriptionId}`,
    group: 'rg-new-registries',
    name: `acrnew${Date.now().toString(36)}`,
    location: 'westeurope',
    createdAt: new Date().toISOString(),
  });
}

/** The event that Event Grid sends when a registry was written, in Event Grid schema. */
export function toWriteEvent({ id }: ArmBody) {
  const subscription = id.split('/').slice(0, 3).join('/');
  return {
    id: randomUUID(),
    topic: subscription,
    subject: id,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: new Date().toISOString(),
    dataVersion: '2',
    metadataVersion: '1',
    data: {
      resourceProvider: 'Microsoft.ContainerRegistry',
      resourceUri: id,
      operationName: 'Microsoft.ContainerRegistry/registries/write',
      status: 'Succeeded',
      subscriptionId: subscription.split('/')[2],
      tenantId: '',
    },
  };
}
