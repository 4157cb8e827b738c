import { toSteps } from '../../remedy/az-steps.ts';
import { createVersion, toVersionWarnings } from '../../remedy/key-versions.ts';
import { newKeyInBicep, newKeyInTerraform } from '../../remedy/new-key.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import { showEncryption, showKey } from '../../remedy/verify.ts';
import { unpin } from './key-pinned.remedy.ts';

/** A longer version of the key. */
export function planLongerKey(subject: Subject): Plan {
  return {
    summary: 'Make a new version of the key with 4096 bits, and let the registry go over to it.',
    warnings: toVersionWarnings(subject),
    az: toSteps(
      ['A longer version of the key.', createVersion(subject, { size: '4096' })],
      ...(subject.key.isPinned ? [unpin(subject)] : []),
    ),
    bicep: newKeyInBicep(subject),
    terraform: newKeyInTerraform(subject),
    verify: [showKey(subject, 'key.n'), showEncryption(subject)],
    expect: 'pass key_long_enough',
  };
}
