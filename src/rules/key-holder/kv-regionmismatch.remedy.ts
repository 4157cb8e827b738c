import { toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import { planNewVault } from '../../remedy/new-key.ts';
import type { Plan } from '../../remedy/plan.ts';
import { quoteTerraform } from '../../remedy/quote-terraform.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showKeyHolder } from '../../remedy/verify.ts';

/** A vault can't move: the registry gets a key in a new one. A Managed HSM is extended to the registry's region. */
export function planSameRegion(subject: Subject): Plan {
  if (subject.keyHolder.kind === 'vault')
    return planNewVault(subject, {
      summary:
        'A vault can’t be moved: make one with a new key in the registry’s region, and move the registry to it.',
      warnings: [],
      expect: 'pass regions_match',
    });
  return planExtension(subject);
}

function planExtension(subject: Subject): Plan {
  const { posture, keyHolder } = subject;
  const further = posture.keyHolder?.state === 'found' ? posture.keyHolder.regions : [];
  const kept = [...new Set(further)].filter((region) => region !== keyHolder.location);
  return {
    summary: 'Extend the Managed HSM to the registry’s region; its keys and local roles come along.',
    warnings: [
      'A second region costs as much as a second Managed HSM, and takes about half an hour to come up.',
      'A Managed HSM can be extended to one further region, and not to every region.',
    ],
    az: toSteps([
      'Extend it to the registry’s region.',
      `az keyvault region add --hsm-name "$KEY_HOLDER_NAME" --resource-group "$KEY_HOLDER_RESOURCE_GROUP" \\
  --subscription "$KEY_HOLDER_SUBSCRIPTION" --region "$REGISTRY_LOCATION" --output none`,
    ]),
    bicep: `${bicep.deployTo(subject, 'keyHolder', 'keyHolderNow=@now.json')}

${bicep.changeKeyHolder(
  subject,
  `    regions: union(keyHolderNow.properties.?regions ?? [], [
      {
        name: registryLocation
        isPrimary: false
      }
    ])`,
)}`,
    terraform: terraform.changeKeyHolder(
      subject,
      `      regions = [
        { name = var.key_holder_location, isPrimary = true },
${kept.map((region) => `        { name = ${quoteTerraform(region)}, isPrimary = false },\n`).join('')}        { name = var.registry_location, isPrimary = false },
      ]`,
    ),
    verify: [showKeyHolder(subject, 'properties.regions')],
    expect: 'pass regions_match',
  };
}
