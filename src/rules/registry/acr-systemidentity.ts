import { toNamedIdentity } from '../../domain/estate/encryption-identity.ts';
import { judgeCustomerKey, unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { planUserIdentity } from './acr-systemidentity.remedy.ts';
import { namedIdentityReasons, toIdentityValues } from './identity-evidence.ts';

/** The registry reaches its key by a user-assigned identity. */
export const acrSystemIdentity = defineRule({
  id: 'acr_systemidentity',
  severity: 'low',
  title: 'The registry reaches its key by its system-assigned identity',
  checks: 'Which identity the registry’s encryption names: the system-assigned one, or a user-assigned one.',
  why: 'A system-assigned identity lives and dies with the registry: once removed, only an Azure support request brings it back, and it can’t be given access before the registry exists.',
  remedy:
    'Attach a user-assigned identity, grant it access to the key, and move the registry to it: "az acr encryption rotate-key --name REGISTRY --key-encryption-key KEY_ID --identity IDENTITY_ID". Do not remove the system-assigned identity before: a removed one needs a support request.',
  reads: ['registry'],
  reasons: {
    ...namedIdentityReasons,
    system_identity: 'The registry uses its system-assigned identity.',
    user_identity: 'The registry uses a user-assigned identity.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-rotate-revoke-customer-managed-keys',
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-troubleshoot-customer-managed-keys',
  ],
  judge: judgeCustomerKey(({ registry }) => {
    const values = toIdentityValues(registry);
    const named = toNamedIdentity(registry.encryption);
    switch (named.kind) {
      case 'system':
        return { outcome: 'fail', reason: 'system_identity', values };
      case 'user':
        return { outcome: 'pass', reason: 'user_identity', values };
      case 'unknown':
        return unknown(named.reason, values);
    }
  }),
  mend: planUserIdentity,
});
