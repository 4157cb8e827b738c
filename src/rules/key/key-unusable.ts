import type { FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import { judgeKeyHolder, unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { type KeyFault, keyFaultReasons, toKeyFaults } from './key-faults.ts';
import { keyReasons, toVersionValues } from './key-rule.ts';
import { planUsableKey } from './key-unusable.remedy.ts';

/** The registry can wrap and unwrap with its key. */
export const keyUnusable = defineRule({
  id: 'key_unusable',
  severity: 'critical',
  title: 'The registry’s key can’t be used',
  checks:
    'Whether the key is there, enabled, within its times, an RSA key, and permits wrapKey and unwrapKey; on a Managed HSM also whether that is activated. Of a key that is followed to new versions, the version in use and the newest one are judged; of a pinned one, its version alone.',
  why: 'Without a usable key a registry can’t decrypt its images: pulls and pushes fail until the key is restored.',
  remedy:
    'Enable the key version, correct its times, or recover the key with "az keyvault key recover"; otherwise create an RSA key that permits wrapKey and unwrapKey and move the registry to it with "az acr encryption rotate-key". A Managed HSM has to be activated by downloading its security domain.',
  reads: ['registry', 'keyHolder', 'key'],
  reasons: {
    ...keyReasons,
    ...keyFaultReasons,
    key_usable: 'Every version that counts can be used.',
    key_holder_not_activated: 'The Managed HSM is not activated: none of its keys can be used.',
    activation_unrecognised: 'Azure did not tell in known words whether the Managed HSM is activated.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-rotate-revoke-customer-managed-keys',
    'https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/security-domain',
  ],
  judge: judgeKeyHolder({
    found(holder, { key, registry }, { now }) {
      const { inUse, newest } = key ?? {};
      const versions = [inUse, newest].flatMap((version) => version ?? []);
      if (versions.length === 0) return unknown('key_identifier_unusable');
      const values = {
        versionInUse: inUse && toVersionValues(inUse),
        newestVersion: newest && toVersionValues(newest),
        keyRotationEnabled: registry.encryption?.keyRotationEnabled,
        lastKeyRotationTimestamp: registry.encryption?.lastKeyRotation,
        'securityDomainProperties.activationStatus': holder.activationStatus,
      };
      const faults = [
        ...toActivationFaults(holder),
        ...versions.flatMap((version) => toKeyFaults(version, now)),
      ];
      const worst = faults.find(({ outcome }) => outcome === 'fail') ?? faults[0];
      if (!worst) return { outcome: 'pass', reason: 'key_usable', values };
      const { outcome, reason, missingAction } = worst;
      return { outcome, reason, values: { ...values, missingAction } };
    },
  }),
  mend: planUsableKey,
});

/** A Managed HSM that waits for its security domain, and says nothing else, is not activated either. */
function toActivationFaults({ kind, activationStatus, provisioningState }: FoundKeyHolder): KeyFault[] {
  if (kind !== 'managedHsm') return [];
  switch (activationStatus?.toLowerCase()) {
    case 'active':
      return [];
    case 'notactivated':
      return [{ outcome: 'fail', reason: 'key_holder_not_activated' }];
    case undefined:
      return provisioningState?.toLowerCase() === 'securitydomainrestore'
        ? [{ outcome: 'fail', reason: 'key_holder_not_activated' }]
        : [];
    default:
      return [{ outcome: 'unknown', reason: 'activation_unrecognised' }];
  }
}
