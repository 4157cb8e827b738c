import { keyHolderWords, toSteps } from '../../remedy/az-steps.ts';
import {
  importKey,
  noHsmVersionsInTerraform,
  noVersionsInBicep,
  setRotationPolicy,
  toVersionWarnings,
} from '../../remedy/key-versions.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import { showEncryption, showKey } from '../../remedy/verify.ts';
import { unpin, unpinInTerraform } from './key-pinned.remedy.ts';

/** The key is rotated now, and by a policy from then on. */
export function planRotation(subject: Subject): Plan {
  const { keyHolder, key } = subject;
  return {
    summary: 'Rotate the key, and let a rotation policy do it from now on.',
    warnings: [
      ...toVersionWarnings(subject),
      'The policy lets new versions expire after two years: it also has to keep rotating.',
    ],
    az: toSteps(
      setRotationPolicy(subject),
      [
        'A new version now.',
        `az keyvault key rotate ${keyHolderWords(subject)} --name "$KEY_NAME" --output none`,
      ],
      ...(key.isPinned ? [unpin(subject)] : []),
    ),
    bicep: noVersionsInBicep,
    terraform:
      keyHolder.kind === 'vault'
        ? [
            "# Terraform can't rotate at once: the policy rotates when its time comes. The az command does it now.",
            importKey(subject),
            ...(key.isPinned ? [unpinInTerraform(subject)] : []),
          ].join('\n\n')
        : noHsmVersionsInTerraform,
    verify: [showKey(subject, 'attributes.created'), showEncryption(subject)],
    expect: 'pass key_recent',
  };
}
