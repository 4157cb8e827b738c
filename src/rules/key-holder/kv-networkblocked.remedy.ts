import { toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showKeyHolder } from '../../remedy/verify.ts';

/** The key holder lets trusted services in; its other network rules stay. */
export function planNetwork(subject: Subject): Plan {
  const update = subject.keyHolder.kind === 'vault' ? 'update --name' : 'update-hsm --hsm-name';
  return {
    summary: 'Let trusted Azure services past the key holder’s network rules; all other rules stay.',
    warnings: [
      'The bypass lets in those services of Azure that Microsoft counts as trusted, and no one without access to the key.',
      'Address rules, subnets and private endpoints don’t help: a registry reaches its key from Azure’s own network.',
      'Azure doesn’t document whether the bypass covers user-assigned identities in all cases: push and pull an image afterwards.',
    ],
    az: toSteps([
      'Let trusted services in.',
      `az keyvault ${update} "$KEY_HOLDER_NAME" --resource-group "$KEY_HOLDER_RESOURCE_GROUP" \\
  --subscription "$KEY_HOLDER_SUBSCRIPTION" --bypass AzureServices --output none`,
    ]),
    bicep: `${bicep.deployTo(subject, 'keyHolder', 'keyHolderNow=@now.json')}

${bicep.changeKeyHolder(
  subject,
  `    networkAcls: {
      ...(keyHolderNow.properties.?networkAcls ?? {})
      bypass: 'AzureServices'
    }`,
)}`,
    terraform: terraform.changeKeyHolder(
      subject,
      '      networkAcls = {\n        bypass = "AzureServices"\n      }',
    ),
    verify: [showKeyHolder(subject, 'properties.networkAcls')],
    expect: 'pass trusted_services_let_in',
  };
}
