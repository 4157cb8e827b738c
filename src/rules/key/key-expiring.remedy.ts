import { keyHolderWords, toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import {
  createVersion,
  importKey,
  noHsmVersionsInTerraform,
  noVersionsInBicep,
  toVersionWarnings,
} from '../../remedy/key-versions.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import { showEncryption, showKey } from '../../remedy/verify.ts';
import { unpin, unpinInBicep, unpinInTerraform } from './key-pinned.remedy.ts';

/** A new version of the key, or a later expiry of this one. */
export function planExpiry(subject: Subject): Plan {
  const { keyHolder, key } = subject;
  return {
    summary: 'Make a new version of the key before this one expires; or extend this one.',
    warnings: toVersionWarnings(subject),
    az: toSteps(...renewKey(subject)),
    bicep: key.isPinned
      ? `${bicep.deployTo(subject, 'registry', 'registryNow=@now.json')}
${noVersionsInBicep}
// Once the new version is there, this moves the registry to the key without a version:

${unpinInBicep(subject)}`
      : noVersionsInBicep,
    terraform: [
      keyHolder.kind === 'vault'
        ? importKey(subject, '  expiration_date = var.new_expiry\n')
        : noHsmVersionsInTerraform,
      ...(key.isPinned ? [unpinInTerraform(subject)] : []),
    ].join('\n\n'),
    verify: [showKey(subject, 'attributes.expires'), showEncryption(subject)],
    expect: 'pass key_expires_later',
  };
}

/** Steps that make a new version that expires later, and take the registry to it. */
export function renewKey(subject: Subject): [string, ...string[]][] {
  return [
    ['A new version of the key.', createVersion(subject, { expires: true })],
    [
      'Or, instead, a later expiry of the version in use:',
      `# az keyvault key set-attributes ${keyHolderWords(subject)} --name "$KEY_NAME" \\
#   --version "$KEY_VERSION" --expires "$NEW_EXPIRY" --output none`,
    ],
    ...(subject.key.isPinned ? [unpin(subject)] : []),
  ];
}
