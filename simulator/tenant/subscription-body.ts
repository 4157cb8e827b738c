import type { ArmBody } from './tenant-contents.ts';

/** Builds a subscription's body; `id` is `/subscriptions/ID`. */
export function subscriptionBody(id: string, displayName: string, tenantId: string): ArmBody {
  return {
    id,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: id.slice(id.lastIndexOf('/') + 1),
    tenantId,
    displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}
