import { toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showKeyHolder } from '../../remedy/verify.ts';
import { planRecovery } from './kv-missing.remedy.ts';
import { enableSoftDelete } from './kv-nosoftdelete.remedy.ts';

/** Purge protection is switched on, after recovery where the key holder is deleted. */
export function planPurgeProtection(subject: Subject): Plan {
  const { keyHolder, posture } = subject;
  if (keyHolder.state === 'deleted')
    return {
      ...planRecovery(subject),
      summary:
        'Recover the key holder at once, then turn purge protection on: it can’t be turned on while it is deleted.',
      expect: 'pass purge_protection_on',
    };
  const isSoftDeleteOff = posture.keyHolder?.state === 'found' && posture.keyHolder.softDelete === false;
  const properties = isSoftDeleteOff
    ? ['enableSoftDelete', 'enablePurgeProtection']
    : ['enablePurgeProtection'];
  const update = keyHolder.kind === 'vault' ? 'update --name' : 'update-hsm --hsm-name';
  return {
    summary: 'Turn purge protection on.',
    warnings: [
      'Purge protection can’t be undone: whatever is deleted stays until its retention is over, and so do the names.',
    ],
    az: toSteps(...(isSoftDeleteOff ? ([['Soft delete first.', enableSoftDelete]] as const) : []), [
      'Turn purge protection on.',
      `az keyvault ${update} "$KEY_HOLDER_NAME" --resource-group "$KEY_HOLDER_RESOURCE_GROUP" \\
  --subscription "$KEY_HOLDER_SUBSCRIPTION" --enable-purge-protection true --output none`,
    ]),
    bicep: `${bicep.deployTo(subject, 'keyHolder', 'keyHolderNow=@now.json')}

${bicep.changeKeyHolder(subject, properties.map((name) => `    ${name}: true`).join('\n'))}`,
    terraform: terraform.changeKeyHolder(
      subject,
      properties.map((name) => `      ${name} = true`).join('\n'),
    ),
    verify: [showKeyHolder(subject, 'properties.enablePurgeProtection')],
    expect: 'pass purge_protection_on',
  };
}
