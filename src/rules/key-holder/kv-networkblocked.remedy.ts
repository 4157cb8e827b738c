import { grant, registryWords, rotateKey, toSteps, waitForRole } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showEncryption, showKeyHolder } from '../../remedy/verify.ts';

/** The key holder lets the registry in; its other network rules stay. */
export function planNetwork(subject: Subject): Plan {
  return subject.reason === 'trusted_services_user_identity'
    ? planSystemIdentity(subject)
    : planBypass(subject);
}

function planBypass(subject: Subject): Plan {
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

/** The bypass is on already: what may not get past it is the user-assigned identity. */
function planSystemIdentity(subject: Subject): Plan {
  const cannot =
    'can’t do this in one go: the object id of the system-assigned identity is known only once it is there.';
  const own: Subject = { ...subject, identity: { state: 'attached', kind: 'system' } };
  return {
    summary:
      'Move the registry to its system-assigned identity, which the bypass for trusted services covers.',
    warnings: [
      'The move works only while the registry still reaches its key: where it does not, open the firewall for that long.',
      'A system-assigned identity that is removed later can’t be brought back without a support request (acr_systemidentity).',
      'Leave the user-assigned identity attached until the registry uses the other one.',
    ],
    az: toSteps(
      [
        'Switch the system-assigned identity on.',
        `az acr identity assign ${registryWords} \\\n  --identities '[system]' --output none`,
        `PRINCIPAL_ID="$(az acr show ${registryWords} \\\n  --query identity.principalId --output tsv)"`,
      ],
      ['It may use the key.', grant(own), waitForRole],
      ['The registry uses it.', rotateKey('$KEY_ID', "'[system]'")],
    ),
    bicep: `// Bicep ${cannot}\n// The az commands do it.`,
    terraform: `# Terraform ${cannot}\n# The az commands do it.`,
    verify: [showEncryption(subject)],
    expect: 'pass trusted_services_let_in',
  };
}
