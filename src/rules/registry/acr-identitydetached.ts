import { toEncryptionIdentity } from '../../domain/estate/encryption-identity.ts';
import { judgeCustomerKey, unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { planAttachment } from './acr-identitydetached.remedy.ts';
import { identityReasons, toIdentityValues } from './identity-evidence.ts';

/** The registry still has the identity by which it reaches its key. */
export const acrIdentityDetached = defineRule({
  id: 'acr_identitydetached',
  severity: 'high',
  title: 'The identity that reaches the key is no longer attached to the registry',
  checks:
    'Whether the identity that the registry’s encryption names, by client id or as “system”, is among the identities of the registry, and whether a user-assigned one still exists.',
  why: 'Pushes and pulls go on for a while, usually about three months, until the token of the detached identity runs out; then they all fail with 403, and until then the key can’t be rotated.',
  remedy:
    'Attach the user-assigned identity again: "az acr identity assign --name REGISTRY --identities IDENTITY_ID". A system-assigned identity that was removed can only be restored by an Azure support request. An identity that was deleted can’t be made again: one of the same name has another client id. Pushes and pulls still working is no sign of health: they go on for months before they fail.',
  reads: ['registry', 'identity'],
  reasons: {
    ...identityReasons,
    identity_attached: 'The identity is among those of the registry.',
    identity_detached: 'The identity is not among those of the registry.',
    identity_deleted: 'The user-assigned identity no longer exists.',
    identity_forbidden:
      'The monitor may not read the user-assigned identity; evidence names the action that its role lacks.',
    identity_not_visible: 'The user-assigned identity is in a subscription that the monitor does not see.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-troubleshoot-customer-managed-keys',
  ],
  judge: judgeCustomerKey(({ registry, identity: resource }) => {
    const values = toIdentityValues(registry);
    const identity = toEncryptionIdentity(registry);
    if (identity.state !== 'detached' && resource?.state === 'absent')
      return { outcome: 'fail', reason: 'identity_deleted', values };
    switch (identity.state) {
      case 'attached':
        if (resource?.state === 'unreadable')
          return unknown(resource.reason, { ...values, missingAction: resource.missingAction });
        return { outcome: 'pass', reason: 'identity_attached', values };
      case 'detached':
        return { outcome: 'fail', reason: 'identity_detached', values };
      case 'unknown':
        return unknown(identity.reason, values);
    }
  }),
  mend: planAttachment,
});
