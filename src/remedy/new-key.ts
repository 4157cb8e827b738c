import {
  assignRole,
  createVault,
  createVaultKey,
  findPrincipal,
  identityWord,
  rotateKey,
  toSteps,
  waitForRole,
} from './az-steps.ts';
import * as bicep from './bicep-parts.ts';
import { toBicepIdentity, toTerraformIdentity } from './identity-names.ts';
import type { Plan } from './plan.ts';
import type { Subject } from './subject.ts';
import * as terraform from './terraform-parts.ts';
import { showEncryption } from './verify.ts';

/** A new vault in the registry's region, beside the old one, with a key that the registry goes over to. */
export function planNewVault(
  subject: Subject,
  { summary, warnings, expect }: Pick<Plan, 'summary' | 'warnings' | 'expect'>,
): Plan {
  return {
    summary,
    warnings: [
      ...warnings,
      'Leave the old key and its vault as they are until the registry uses the new one.',
      'Purge protection of the new vault can’t be undone.',
      'The new vault is open to all networks, as far as its roles let somebody in: close it as you close your others.',
    ],
    az: toSteps(
      ['A vault that keeps deleted keys for 90 days, in the registry’s region.', createVault('KEY_HOLDER')],
      ['A key.', createVaultKey('KEY_HOLDER')],
      [
        'The identity may use it.',
        findPrincipal(subject),
        assignRole('$VAULT_ID/keys/$NEW_KEY_NAME'),
        waitForRole,
      ],
      ['The registry goes over to it.', rotateKey('$NEW_KEY_ID', identityWord(subject))],
    ),
    bicep: toParts(subject, bicep.newVaultWithKey("part == 'access'")),
    terraform: `${terraform.newVaultWithKey('key_holder')}

${terraform.assignRole('azurerm_key_vault_key.new.resource_versionless_id', 'var.principal_id')}

${moveInTerraform(subject, 'azurerm_key_vault_key.new.versionless_id')}`,
    verify: [showEncryption(subject)],
    expect,
  };
}

/** A key of another name in the same key holder, and the registry's move to it. */
export function newKeyInBicep(subject: Subject): string {
  const { access } = subject.keyHolder;
  if (access === 'localRoles')
    return "// Bicep can't make a new version of a key, nor assign a Managed HSM's local roles: the az commands do both.";
  return `// Bicep can't make a new version of a key: this makes a key of another name.
${toParts(subject, bicep.newKeyInVault("part == 'access'"), access === 'policies')}`;
}

/** The same in Terraform. */
export function newKeyInTerraform(subject: Subject): string {
  const note = '# A key of another name: a new version of the same key is made by the az commands.';
  if (subject.keyHolder.kind === 'managedHsm')
    return `${note}
${terraform.newHsmKey('var.key_holder_id')}

${terraform.assignLocalRole('var.key_holder_id', 'azurerm_key_vault_managed_hardware_security_module_key.new.name', 'var.principal_id')}

${moveInTerraform(subject, 'join("", [trimsuffix(var.key_id, var.key_name), var.new_key_name])', 'azurerm_key_vault_managed_hardware_security_module_role_assignment')}`;
  const isByPolicy = subject.keyHolder.access === 'policies';
  return `${note}
${terraform.newKeyInVault}

${isByPolicy ? "# The identity's access policy holds for all keys of the vault." : terraform.assignRole('azurerm_key_vault_key.new.resource_versionless_id', 'var.principal_id')}

${moveInTerraform(subject, 'azurerm_key_vault_key.new.versionless_id', isByPolicy ? undefined : 'azurerm_role_assignment')}`;
}

function moveInTerraform(
  subject: Subject,
  key: string,
  after: string | undefined = 'azurerm_role_assignment',
): string {
  return terraform.changeRegistry(
    terraform.encryption(key, toTerraformIdentity(subject)),
    after && `${after}.may_use_key`,
  );
}

/** Two deployments of one file: key and role where the key holder is, then the registry where that is. */
function toParts(subject: Subject, resources: string, isByPolicy = false): string {
  return `${bicep.deployTo(subject, 'keyHolder', "part='access'")}
${bicep.deployTo(subject, 'registry', "part='registry'", 'registryNow=@now.json', 'newKeyId=<output>')}

${bicep.parts}

@description('Output newKeyId of the part "access"')
param newKeyId string = ''

${resources}

${isByPolicy ? "// The identity's access policy holds for all keys of the vault." : bicep.assignRole('principalId', "part == 'access'")}

output newKeyId string = part == 'access' ? key!.properties.keyUri : newKeyId

${bicep.changeRegistry({
  properties: bicep.encryption('newKeyId', toBicepIdentity(subject)),
  condition: "part == 'registry'",
})}`;
}
