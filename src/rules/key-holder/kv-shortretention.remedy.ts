import { assignLocalRole, findPrincipal, identityWord, rotateKey, toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import { toTerraformIdentity } from '../../remedy/identity-names.ts';
import { planNewVault } from '../../remedy/new-key.ts';
import type { Plan } from '../../remedy/plan.ts';
import { type Subject, toNewHost } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { toValues } from '../../remedy/values.ts';
import { showEncryption } from '../../remedy/verify.ts';

const fixed = 'The retention of soft-deleted keys is fixed when a key holder is created.';

/** The retention is fixed at creation: the registry gets a key in a new key holder. */
export function planRetention(subject: Subject): Plan {
  const expect = 'pass retention_long_enough';
  return subject.keyHolder.kind === 'vault'
    ? planNewVault(subject, {
        summary:
          'Make a new vault that keeps deleted keys for 90 days, and move the registry to a key in it.',
        warnings: [fixed],
        expect,
      })
    : planNewHsm(subject, expect);
}

const words = '--hsm-name "$NEW_HSM_NAME" --subscription "$KEY_HOLDER_SUBSCRIPTION"';

function planNewHsm(subject: Subject, expect: string): Plan {
  const name = toValues(subject).find((value) => value.name === 'newHsmName')?.text ?? '';
  const host = toNewHost(subject, 'managedHsm', name);
  return {
    summary:
      'Make a new Managed HSM that keeps deleted keys for 90 days, and move the registry to a key in it.',
    warnings: [
      fixed,
      'A second Managed HSM costs as much as the first. An exemption may be the better answer while all else protects the key.',
      'Keep its security domain and the private keys that open it offline: without them nobody can restore it.',
      'Leave the old key enabled until the registry uses the new one. Purge protection can’t be undone.',
    ],
    az: toSteps(
      [
        'A Managed HSM that keeps what is deleted.',
        `az keyvault create --hsm-name "$NEW_HSM_NAME" --resource-group "$KEY_HOLDER_RESOURCE_GROUP" \\
  --subscription "$KEY_HOLDER_SUBSCRIPTION" --location "$REGISTRY_LOCATION" --administrators "$ADMINISTRATOR_ID" \\
  --retention-days 90 --enable-purge-protection true --output none`,
      ],
      [
        'Activate it by downloading its security domain, with at least three RSA key pairs (openssl makes them).',
        `az keyvault security-domain download ${words} \\
  --sd-wrapping-keys wrapping-1.cer wrapping-2.cer wrapping-3.cer --sd-quorum 2 \\
  --security-domain-file security-domain.json`,
      ],
      [
        'A key.',
        `NEW_KEY_VERSION="$(az keyvault key create ${words} \\
  --name "$NEW_KEY_NAME" --kty RSA-HSM --size 4096 --ops wrapKey unwrapKey --query key.kid --output tsv)"
NEW_KEY_ID="\${NEW_KEY_VERSION%/*}"`,
      ],
      ['The identity may use it.', findPrincipal(subject), assignLocalRole(words, '$NEW_KEY_NAME')],
      ['The registry goes over to it.', rotateKey('$NEW_KEY_ID', identityWord(subject))],
    ),
    bicep: `${bicep.deployTo(subject, 'keyHolder', 'administratorId=<object id>')}
// Bicep can't activate a Managed HSM, nor make keys and local roles in one that is not: steps 2 to 5 of the az commands do.

${bicep.newHsm}`,
    terraform: `# Activate it between the two: step 2 of the az commands. Apply with -target first.
${terraform.newHsm}

${terraform.assignLocalRole('azurerm_key_vault_managed_hardware_security_module.new.id', 'azurerm_key_vault_managed_hardware_security_module_key.new.name', 'var.principal_id')}

${terraform.changeRegistry(
  terraform.encryption(
    `"https://\${var.new_hsm_name}${host.slice(name.length)}/keys/\${var.new_key_name}"`,
    toTerraformIdentity(subject),
  ),
  'azurerm_key_vault_managed_hardware_security_module_role_assignment.may_use_key',
)}`,
    verify: [showEncryption(subject)],
    expect,
  };
}
