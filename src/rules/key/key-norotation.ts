import type { KeyVersion, RegistryKey } from '../../domain/estate/key.ts';
import { mcsb, stated } from '../frameworks.ts';
import { unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { planRotationPolicy } from './key-norotation.remedy.ts';
import { judgeKeyVersion, keyReasons } from './key-rule.ts';

/** The key is rotated by itself. */
export const keyNoRotation = defineRule({
  id: 'key_norotation',
  severity: 'low',
  isOffByDefault: true,
  title: 'The registry’s key rotates only by hand',
  checks: 'Whether the key’s rotation policy makes new versions by itself: has an action “Rotate”.',
  why: 'What has to be done by hand is forgotten: then the key grows old, or expires and nothing new can be wrapped.',
  remedy:
    'Give the key a rotation policy with an action “Rotate”: "az keyvault key rotation-policy update". A registry with a versionless key identifier follows the new versions within an hour.',
  reads: ['registry', 'keyHolder', 'key'],
  reasons: {
    ...keyReasons,
    rotation_by_hand: 'The key has no rotation policy, or one that never rotates.',
    rotation_automatic: 'The rotation policy makes new versions.',
    rotation_policy_unrecognised: 'Azure did not show the rotation policy, or in no known shape.',
  },
  links: ['https://learn.microsoft.com/en-us/azure/key-vault/keys/how-to-configure-key-rotation'],
  controls: stated(mcsb.dp6, 'keys are rotated on a defined schedule'),
  judge: judgeKeyVersion(({ rotations }) => {
    if (!rotations) return unknown('rotation_policy_unrecognised');
    const values = { 'rotationPolicy.rotate': rotations };
    return rotations.length === 0
      ? { outcome: 'fail', reason: 'rotation_by_hand', values }
      : { outcome: 'pass', reason: 'rotation_automatic', values };
  }, toPolicyHolder),
  mend: planRotationPolicy,
});

/** The policy is the key's, which its newest version shows. */
function toPolicyHolder({ newest, inUse }: RegistryKey): KeyVersion | undefined {
  return newest ?? inUse;
}
