import { toSteps } from '../../remedy/az-steps.ts';
import {
  importKey,
  noHsmVersionsInTerraform,
  noVersionsInBicep,
  setRotationPolicy,
  toVersionWarnings,
} from '../../remedy/key-versions.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import { showKey } from '../../remedy/verify.ts';

/** A policy rotates the key from now on. */
export function planRotationPolicy(subject: Subject): Plan {
  return {
    summary: 'Let a rotation policy make a new version of the key every eleven months.',
    warnings: [
      ...toVersionWarnings(subject),
      'The policy lets new versions expire after two years: it also has to keep rotating.',
    ],
    az: toSteps(setRotationPolicy(subject)),
    bicep: noVersionsInBicep,
    terraform: subject.keyHolder.kind === 'vault' ? importKey(subject) : noHsmVersionsInTerraform,
    verify: [showKey(subject, 'attributes')],
    expect: 'pass rotation_automatic',
  };
}
