import { registryWords, toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showEncryption, showRegistry } from '../../remedy/verify.ts';
import { moveToUserIdentity } from './acr-systemidentity.remedy.ts';

const warnings = [
  'Pushes and pulls go on for a while, months even, before they fail: don’t take that for health.',
  'While the identity is detached, the registry can’t be moved to another key or identity: attach it first.',
];

/** The same identity is attached again. */
export function planAttachment(subject: Subject): Plan {
  return subject.identity.kind === 'system' ? planRestoration(subject) : planReattachment(subject);
}

function planReattachment(subject: Subject): Plan {
  const isDeleted = subject.reason === 'identity_deleted';
  return {
    summary: isDeleted
      ? 'Ask Azure support to restore the registry’s access to its key: the identity was deleted. Keep copies of the images while pulls still work.'
      : 'Attach the same user-assigned identity to the registry again.',
    warnings: [
      ...warnings,
      'An identity that was deleted can’t be made again: then a support request is what is left.',
    ],
    az: toSteps(
      [
        'Find the identity by its client id.',
        `IDENTITY_ID="$(az ad sp show --id "$IDENTITY_CLIENT_ID" \\
  --query "alternativeNames[?starts_with(@, '/subscriptions/')] | [0]" --output tsv || true)"
if [ -z "$IDENTITY_ID" ]; then
  echo 'The identity exists no more: ask Azure support to restore the access of the registry.' >&2
  exit 1
fi`,
      ],
      [
        'Attach it.',
        `az acr identity assign ${registryWords} \\\n  --identities "$IDENTITY_ID" --output none`,
      ],
      [
        'To use another identity instead, now that this one is back: create and grant it as for acr_systemidentity, then',
        '# az acr encryption rotate-key --name "$REGISTRY_NAME" --key-encryption-key "$KEY_ID" --identity NEW_IDENTITY_ID',
      ],
    ),
    bicep: `${bicep.deployTo(subject, 'registry', 'registryNow=@now.json', 'identityId=<id of the identity>')}

${bicep.changeRegistry({ properties: '', identity: bicep.withIdentity('identityId') })}`,
    terraform: terraform.changeRegistry(terraform.withIdentity(subject, 'var.identity_id')),
    verify: [showRegistry(subject, 'identity'), showEncryption(subject)],
    expect: 'pass identity_attached',
  };
}

/** A system-assigned identity that is switched on again is another one: only support brings the old one back. */
function planRestoration(subject: Subject): Plan {
  const cannot = 'can’t bring back a removed system-assigned identity: a support request does.';
  return {
    summary:
      'Ask Azure support to restore the system-assigned identity; then move the registry to a user-assigned one.',
    warnings: [
      ...warnings,
      'A removed system-assigned identity needs a support request: https://azure.microsoft.com/support/create-ticket/.',
      'Switching it on again makes a new identity, without access to the key.',
    ],
    az: toSteps(
      [
        'Go on only when support has restored the identity.',
        `PRINCIPAL_ID="$(az acr show ${registryWords} \\
  --query identity.principalId --output tsv)"
if [ -z "$PRINCIPAL_ID" ]; then
  echo 'The system-assigned identity is not back: file a support request first.' >&2
  exit 1
fi`,
      ],
      ...moveToUserIdentity(subject),
    ),
    bicep: `// Bicep ${cannot}\n// Then move the registry to a user-assigned identity as for acr_systemidentity.`,
    terraform: `# Terraform ${cannot}\n# Then move the registry to a user-assigned identity as for acr_systemidentity.`,
    verify: [showRegistry(subject, 'identity'), showEncryption(subject)],
    expect: 'pass identity_attached',
  };
}
