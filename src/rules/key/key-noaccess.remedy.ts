import { localEncryptionUserRole } from '../../remedy/access.ts';
import { findPrincipal, grant, toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showAccess } from '../../remedy/verify.ts';

const summaries: Record<Subject['keyHolder']['access'], string> = {
  roles: 'Give the registry’s identity the role "Key Vault Crypto Service Encryption User" at the key.',
  policies: 'Let the registry’s identity get, wrap and unwrap keys by an access policy of the vault.',
  localRoles: `Give the registry’s identity the local role "${localEncryptionUserRole}" at the key.`,
  unknown:
    'Let the registry’s identity get, wrap and unwrap with the key, by the vault’s own way of granting.',
};

/** The encryption identity may use the key, by role, access policy or local role. */
export function planAccess(subject: Subject): Plan {
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
