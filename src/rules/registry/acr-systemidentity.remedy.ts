import {
  createIdentity,
  grant,
  registryWords,
  rotateKey,
  toSteps,
  waitForRole,
} from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showEncryption, showRegistry } from '../../remedy/verify.ts';

/** A user-assigned identity takes the place of the system-assigned one. */
export function planUserIdentity(subject: Subject): Plan {
  const own = toOwnIdentity(subject);
  return {
    summary: 'Create a user-assigned identity, let it use the key, attach it, and move the registry to it.',
    warnings: [
      'The order matters: the new identity needs access to the key before the registry is moved to it.',
      'Leave the system-assigned identity on until the registry uses the new one: a removed one needs a support request.',
      ...(subject.key.isPinned
        ? ['The registry goes over to the key without a version, and follows it from then on.']
        : []),
    ],
    az: toSteps(...moveToUserIdentity(subject)),
    bicep: toBicep(own),
    terraform: toTerraform(own),
    verify: [showEncryption(subject), showRegistry(subject, 'identity')],
    expect: 'pass user_identity',
  };
}

/** Steps from a new identity to a registry that uses it. */
export function moveToUserIdentity(subject: Subject): [string, ...string[]][] {
  return [
    ['A user-assigned identity beside the registry.', createIdentity],
    ['It may use the key.', grant(toOwnIdentity(subject)), waitForRole],
    ['Attach it.', `az acr identity assign ${registryWords} \\\n  --identities "$IDENTITY_ID" --output none`],
    ['The registry uses it.', rotateKey('$KEY_ID', '"$IDENTITY_ID"')],
  ];
}

/** The new identity has none of the old one's permissions. */
function toOwnIdentity(subject: Subject): Subject {
  return { ...subject, identity: { state: 'attached', kind: 'user' } };
}

function toBicep(subject: Subject): string {
  return `${bicep.deployTo(subject, 'keyHolder', "part='access'")}
${bicep.deployTo(subject, 'registry', "part='registry'", 'registryNow=@now.json', 'identityId=<output>', 'identityClientId=<output>')}

${bicep.parts}

${bicep.newIdentity("part == 'access'")}

${bicep.identityOutputs}

${toBicepGrant(subject)}

${bicep.changeRegistry({
  properties: bicep.encryption('keyId', 'identityClientId'),
  identity: bicep.withIdentity('identityId'),
  condition: "part == 'registry'",
})}`;
}

function toBicepGrant(subject: Subject): string {
  const when = "part == 'access'";
  switch (subject.keyHolder.access) {
    case 'localRoles':
      return "// Bicep can't assign a Managed HSM's local roles: step 2 of the az commands does, between the two deployments.";
    case 'policies':
      return bicep.addPolicy(subject, 'identity!.properties.principalId', when);
    case 'roles':
    case 'unknown':
      return `${bicep.existingKey()}\n\n${bicep.assignRole('identity!.properties.principalId', when)}`;
  }
}

function toTerraform(subject: Subject): string {
  const grantName = {
    roles: 'azurerm_role_assignment',
    unknown: 'azurerm_role_assignment',
    policies: 'azurerm_key_vault_access_policy',
    localRoles: 'azurerm_key_vault_managed_hardware_security_module_role_assignment',
  }[subject.keyHolder.access];
  const identity = 'azurerm_user_assigned_identity.registry';
  return `${terraform.newIdentity}

${terraform.grant(subject, `${identity}.principal_id`)}

${terraform.changeRegistry(
  `${terraform.withIdentity(subject, `${identity}.id`)}\n${terraform.encryption('var.key_id', `${identity}.client_id`)}`,
  `${grantName}.may_use_key`,
)}`;
}
