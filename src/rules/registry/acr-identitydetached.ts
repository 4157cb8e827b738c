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
    'Whether the identity that the registry’s encryption names, by client id or as “system”, is among the identities of the registry.',
  why: 'Pushes and pulls go on for a while, usually about three months, until the token of the detached identity runs out; then they all fail with 403, and until then the key can’t be rotated.',
  remedy:
    'Attach the user-assigned identity again: "az acr identity assign --name REGISTRY --identities IDENTITY_ID". A system-assigned identity that was removed can only be restored by an Azure support request. Pushes and pulls still working is no sign of health: they go on for months before they fail.',
  reads: ['registry'],
  reasons: {
    ...identityReasons,
    identity_attached: 'The identity is among those of the registry.',
    identity_detached: 'The identity is not among those of the registry.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-troubleshoot-customer-managed-keys',
  ],
  judge: judgeCustomerKey(({ registry }) => {
    const values = toIdentityValues(registry);
    const identity = toEncryptionIdentity(registry);
    switch (identity.state) {
      case 'attached':
        return { outcome: 'pass', reason: 'identity_attached', values };
      case 'detached':
        return { outcome: 'fail', reason: 'identity_detached', values };
      case 'unknown':
        return unknown(identity.reason, values);
    }
  }),
  mend: planAttachment,
});
