import { type Posture, toKey } from '../../domain/estate/posture.ts';
import { mcsb, stated } from '../frameworks.ts';
import { judgeCustomerKey, unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule, type Judgement } from '../rule.ts';
import { planUnpinning } from './key-pinned.remedy.ts';

/** The registry follows its key to new versions. */
export const keyPinned = defineRule({
  id: 'key_pinned',
  severity: 'medium',
  title: 'The registry is pinned to one version of its key',
  checks:
    'Whether the key identifier names a version of the key. It is judged by the identifier alone, whatever the state of the key holder; keyRotationEnabled is shown as evidence.',
  why: 'A registry that names a version does not follow the key when it is rotated: it goes on with the old version until that is disabled or expires.',
  remedy:
    'Move the registry to the identifier without a version: "az acr encryption rotate-key --key-encryption-key https://VAULT.vault.azure.net/keys/KEY --identity IDENTITY". It then takes up new versions within an hour.',
  reads: ['registry', 'keyHolder'],
  reasons: {
    key_version_pinned: 'The key identifier names a version.',
    key_version_followed: 'The key identifier names no version: new ones are taken up.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-customer-managed-keys',
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-rotate-revoke-customer-managed-keys',
  ],
  controls: stated(mcsb.dp6, 'keys are rotated in Key Vault and in the service that uses them'),
  judge: judgeCustomerKey((posture) => {
    const { versionedKeyIdentifier, keyRotationEnabled, lastKeyRotation } = posture.registry.encryption ?? {};
    const values = { versionedKeyIdentifier, keyRotationEnabled, lastKeyRotationTimestamp: lastKeyRotation };
    const judgement = judgeIdentifier(posture);
    return { ...judgement, values };
  }),
  mend: planUnpinning,
});

function judgeIdentifier({ registry, keyHolder }: Posture): Judgement {
  const key = toKey(registry);
  if (typeof key === 'string' || !key.keyName) return unknown('key_identifier_unusable');
  // A host outside the known suffixes is that of a key holder only where one was found by its own address.
  const isSeen = keyHolder?.state === 'found' || keyHolder?.state === 'deleted';
  if (key.holderKind === 'unknown' && !isSeen) return unknown('key_identifier_unusable');
  return key.keyVersion
    ? { outcome: 'fail', reason: 'key_version_pinned', values: {} }
    : { outcome: 'pass', reason: 'key_version_followed', values: {} };
}
