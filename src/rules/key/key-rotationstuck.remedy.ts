import { identityWord, rotateKey, toSteps } from '../../remedy/az-steps.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import { showEncryption, showKey } from '../../remedy/verify.ts';

const cannot =
  'can’t do this: the registry already names the key without a version, so there is nothing to change in it.';

/** The registry takes over the newest version now. */
export function planTakeOver(subject: Subject): Plan {
  return {
    summary: 'Mend what keeps the registry from its key, then let it take over the newest version.',
    warnings: [
      'A registry that follows no new version no longer reaches its key: see first what key_noaccess, acr_identitydetached, kv_networkblocked and key_unusable say.',
      'Leave the old version enabled until the registry uses the new one.',
      ...(subject.keyHolder.state === 'found' ? [] : ['The key holder has to be there first (kv_missing).']),
    ],
    az: toSteps([
      'Let the registry take over the newest version.',
      rotateKey('$KEY_ID', identityWord(subject)),
    ]),
    bicep: `// Bicep ${cannot}\n// The az commands do it.`,
    terraform: `# Terraform ${cannot}\n# The az commands do it.`,
    verify: [showKey(subject, 'key.kid'), showEncryption(subject)],
    expect: 'pass rotation_followed',
  };
}
