import { identityWord, rotateKey, toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import { toBicepIdentity, toTerraformIdentity } from '../../remedy/identity-names.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showEncryption } from '../../remedy/verify.ts';

/** The registry is moved to the identifier without a version. */
export function planUnpinning(subject: Subject): Plan {
  return {
    summary:
      'Move the registry to the key’s identifier without a version: it then follows new versions within an hour.',
    warnings: [
      'The newest version has to be usable: the registry goes over to it.',
      'Leave the old version enabled until the registry uses the new one.',
      ...(subject.keyHolder.state === 'found' ? [] : ['The key holder has to be there first (kv_missing).']),
    ],
    az: toSteps(unpin(subject)),
    bicep: `${bicep.deployTo(subject, 'registry', 'registryNow=@now.json')}

${unpinInBicep(subject)}`,
    terraform: unpinInTerraform(subject),
    verify: [showEncryption(subject)],
    expect: 'pass key_version_followed',
  };
}

/** Step that moves a registry to its key without a version. */
export function unpin(subject: Subject): [string, string] {
  return ['Move the registry to the key without a version.', rotateKey('$KEY_ID', identityWord(subject))];
}

/** The same in Bicep. */
export function unpinInBicep(subject: Subject): string {
  return bicep.changeRegistry({ properties: bicep.encryption('keyId', toBicepIdentity(subject)) });
}

/** The same in Terraform. */
export function unpinInTerraform(subject: Subject): string {
  return terraform.changeRegistry(terraform.encryption('var.key_id', toTerraformIdentity(subject)));
}
