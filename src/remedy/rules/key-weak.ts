import { toSteps } from '../az-steps.ts';
import { createVersion, toVersionWarnings } from '../key-versions.ts';
import { newKeyInBicep, newKeyInTerraform } from '../new-key.ts';
import type { Plan } from '../plan.ts';
import type { Subject } from '../subject.ts';
import { showEncryption, showKey } from '../verify.ts';
import { unpin } from './key-pinned.ts';

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
