import { toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showKeyHolder } from '../../remedy/verify.ts';

/** Soft delete is switched on. */
export function planSoftDelete(subject: Subject): Plan {
  return {
    summary: 'Turn soft delete on.',
    warnings: ['Soft delete can’t be turned off again.'],
    az: toSteps([
      'Turn soft delete on: "az keyvault update" has no option for it any more.',
      enableSoftDelete,
    ]),
    bicep: `${bicep.deployTo(subject, 'keyHolder', 'keyHolderNow=@now.json')}

${bicep.changeKeyHolder(subject, '    enableSoftDelete: true')}`,
    terraform: terraform.changeKeyHolder(subject, '      enableSoftDelete = true'),
    verify: [showKeyHolder(subject, 'properties.enableSoftDelete')],
    expect: subject.keyHolder.kind === 'vault' ? 'pass soft_delete_on' : 'pass soft_delete_always_on',
  };
}

/** Reads the vault, changes one property and writes it back. */
export const enableSoftDelete =
  'az resource update --ids "$KEY_HOLDER_ID" --api-version 2026-02-01 \\\n  --set properties.enableSoftDelete=true --output none';
