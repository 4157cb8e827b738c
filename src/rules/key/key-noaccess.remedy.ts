import { localEncryptionUserRole } from '../../remedy/access.ts';
import { findPrincipal, grant, toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showAccess, showKeyHolder } from '../../remedy/verify.ts';

const summaries: Record<Subject['keyHolder']['access'], string> = {
  roles: 'Give the registry’s identity the role "Key Vault Crypto Service Encryption User" at the key.',
  policies: 'Let the registry’s identity get, wrap and unwrap keys by an access policy of the vault.',
  localRoles: `Give the registry’s identity the local role "${localEncryptionUserRole}" at the key.`,
  unknown:
    'Let the registry’s identity get, wrap and unwrap with the key, by the vault’s own way of granting.',
};

/** The encryption identity may use the key, by role, access policy or local role. */
export function planAccess(subject: Subject): Plan {
  const isRefused = subject.reason === 'vault_of_another_tenant' && subject.keyHolder.kind === 'vault';
  return isRefused ? planTenant(subject) : planGrant(subject);
}

function planGrant(subject: Subject): Plan {
  const { access } = subject.keyHolder;
  return {
    summary: summaries[access],
    warnings: [
      ...(access === 'localRoles'
        ? [
            'Azure’s roles open no key of a Managed HSM: its local role does, and only its own administrators can grant it.',
            'Azure Resource Manager does not show local roles: the verdict stays unknown; the list below tells.',
          ]
        : []),
      ...(access === 'policies'
        ? ['An access policy opens all keys of the vault. Azure’s roles can open a single one.']
        : []),
      ...(subject.identity.state === 'detached'
        ? ['The identity is no longer among the registry’s: attach it first (acr_identitydetached).']
        : []),
      'A grant may take some minutes to take effect.',
    ],
    az: toSteps(['The identity may get, wrap and unwrap.', findPrincipal(subject), grant(subject)]),
    bicep: toBicep(subject),
    terraform: terraform.grant(subject, 'var.principal_id'),
    verify: [showAccess(subject)],
    expect: access === 'localRoles' ? 'unknown managed_hsm_local_roles' : 'pass access_granted',
  };
}

/** A vault keeps the tenant in which it was made, also where its subscription has gone to another one. */
function planTenant(subject: Subject): Plan {
  return {
    summary: 'Let the vault take identities of the registry’s tenant, and give the identity its access anew.',
    warnings: [
      'A vault keeps the tenant in which it was made when its subscription moves to another one: only then is this the remedy.',
      'From then on the vault refuses everybody of its present tenant; access policies, which name identities of that one, are taken away.',
      'Role assignments do not survive a move to another tenant: grant anew whatever else uses the vault.',
    ],
    az: toSteps(
      [
        'The vault goes over to the tenant of the registry.',
        `az keyvault update --name "$KEY_HOLDER_NAME" --resource-group "$KEY_HOLDER_RESOURCE_GROUP" \\
  --subscription "$KEY_HOLDER_SUBSCRIPTION" \\
  --set properties.tenantId="$REGISTRY_TENANT" properties.accessPolicies='[]' --output none`,
      ],
      ['The identity may get, wrap and unwrap.', findPrincipal(subject), grant(subject)],
    ),
    bicep: `${bicep.deployTo(subject, 'keyHolder', 'keyHolderNow=@now.json')}
// Then the identity gets its access anew, by the az commands.

${bicep.changeKeyHolder(subject, '    tenantId: registryTenant\n    accessPolicies: []')}`,
    terraform: `# Then the identity gets its access anew, by the az commands.
${terraform.changeKeyHolder(subject, '      tenantId       = var.registry_tenant\n      accessPolicies = []')}`,
    verify: [showKeyHolder(subject, 'properties.tenantId'), showAccess(subject)],
    expect: 'pass access_granted',
  };
}

function toBicep(subject: Subject): string {
  switch (subject.keyHolder.access) {
    case 'localRoles':
      return "// Bicep can't assign a Managed HSM's local roles, which are no resources of Azure: the az commands do.";
    case 'policies':
      return `${bicep.deployTo(subject, 'keyHolder')}\n\n${bicep.addPolicy(subject, 'principalId')}`;
    case 'roles':
    case 'unknown':
      return `${bicep.deployTo(subject, 'keyHolder')}\n\n${bicep.existingKey()}\n\n${bicep.assignRole('principalId')}`;
  }
}
