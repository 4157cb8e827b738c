import { type CloudName, clouds } from '../../domain/estate/cloud.ts';
import { parseRegistryId } from '../../domain/estate/resource-id.ts';
import type { SubscriptionRecord } from '../ports/ports.ts';

/** What a person calls a registry, and where they find it. */
export interface Names {
  name: string;
  resourceGroup: string;
  subscriptionId: string;
  /** Display name of its subscription; absent until a sweep has seen it. */
  subscriptionName?: string;
  /** The registry in the Azure portal. */
  portalUrl: string;
}

/** Builds what names registries by their ids. */
export function createNaming(
  subscriptions: readonly SubscriptionRecord[],
  cloud: CloudName,
): (registryId: string) => Names {
  const names = new Map(
    subscriptions.map((one) => [one.subscriptionId.toLowerCase(), one.subscriptionName] as const),
  );
  return (registryId) => {
    const { name = '', resourceGroup = '', subscriptionId = '' } = parseRegistryId(registryId) ?? {};
    const subscriptionName = names.get(subscriptionId.toLowerCase());
    return {
      name,
      resourceGroup,
      subscriptionId,
      ...(subscriptionName ? { subscriptionName } : {}),
      portalUrl: `${clouds[cloud].portal}/#resource${encodeURI(registryId)}`,
    };
  };
}
