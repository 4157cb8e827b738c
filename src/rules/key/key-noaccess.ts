import { toEncryptionIdentity } from '../../domain/estate/encryption-identity.ts';
import type { FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import type { Posture } from '../../domain/estate/posture.ts';
import { judgeKeyHolder, unknown } from '../key-holder/key-holder-rule.ts';
import { identityReasons } from '../registry/identity-evidence.ts';
import { defineRule, type Judgement } from '../rule.ts';
import { type Accessor, toPolicyGrants } from './access-by-policies.ts';
import { toRoleGrants } from './access-by-roles.ts';
import { grantReasons, judgeGrants } from './access-grants.ts';
import { planAccess } from './key-noaccess.remedy.ts';

/** The registry's identity may use the key. */
export const keyNoAccess = defineRule({
  id: 'key_noaccess',
  severity: 'high',
  title: 'The registry’s identity has no access to the key',
  checks:
    'Whether the identity that the registry’s encryption names may get, wrap and unwrap with the key: by access policies, or by role assignments at the key and above it, whichever the vault goes by. A group, a condition, or a role or principal that can’t be read leads to unknown where it could complete the set, and so does a Managed HSM, whose local roles Azure Resource Manager does not show. Deny assignments are not read.',
  why: 'Without these three a registry can’t decrypt its images: pulls and pushes fail, at the latest when what it holds in memory runs out.',
  remedy:
    'Grant the identity the role "Key Vault Crypto Service Encryption User" at the key; in a vault with access policies: "az keyvault set-policy --name VAULT --object-id PRINCIPAL_ID --key-permissions get wrapKey unwrapKey". On a Managed HSM it is the local role "Managed HSM Crypto Service Encryption User" at the key.',
  reads: ['registry', 'keyHolder', 'keyRoles'],
  reasons: {
    ...identityReasons,
    ...grantReasons,
    identity_detached: 'The identity is not among those of the registry.',
    principal_not_shown: 'Azure did not tell the object id of the identity.',
    managed_hsm_local_roles: 'Access to a Managed HSM hangs on its local roles, which are not shown.',
    authorization_mode_unrecognised: 'Azure did not tell whether the vault goes by roles or access policies.',
    access_policies_missing: 'Azure did not show the vault’s access policies.',
    role_assignments_forbidden:
      'The monitor may not read role assignments; evidence names the action that its role lacks.',
    role_assignments_not_visible: 'The key is in a subscription that the monitor does not see.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-guide',
    'https://learn.microsoft.com/en-us/azure/key-vault/general/assign-access-policy',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/built-in-roles',
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-enable-customer-managed-keys',
  ],
  judge: judgeKeyHolder({
    found(holder, posture) {
      if (holder.kind === 'managedHsm') return unknown('managed_hsm_local_roles');
      const identity = toEncryptionIdentity(posture.registry);
      if (identity.state === 'unknown') return unknown(identity.reason);
      if (identity.state === 'detached') return unknown('identity_detached');
      const { principalId, tenantId } = identity;
      if (!principalId) return unknown('principal_not_shown');
      const accessor = { principalId, ...(tenantId ? { tenantId } : {}) };
      switch (holder.rbacAuthorization) {
        case true:
          return judgeRoles(accessor, posture);
        case undefined:
        case false:
          return judgePolicies(accessor, holder, posture);
        default:
          return unknown('authorization_mode_unrecognised', {
            principalId,
            enableRbacAuthorization: holder.rbacAuthorization,
          });
      }
    },
  }),
  mend: planAccess,
});

function judgeRoles({ principalId }: Accessor, posture: Posture): Judgement {
  const values = { principalId, authorization: 'rbac' };
  const { keyRoles } = posture;
  if (!keyRoles) return unknown('key_identifier_unusable', values);
  if (keyRoles.state === 'unreadable')
    return unknown(keyRoles.reason, { ...values, missingAction: keyRoles.missingAction });
  const judgement = judgeGrants(toRoleGrants(keyRoles, principalId, posture), values);
  if (judgement.reason !== 'role_unreadable') return judgement;
  const [missingAction] = [...keyRoles.roles.values()].flatMap((role) =>
    role.state === 'unreadable' ? (role.missingAction ?? []) : [],
  );
  return { ...judgement, values: { ...judgement.values, missingAction } };
}

function judgePolicies(accessor: Accessor, holder: FoundKeyHolder, posture: Posture): Judgement {
  const values = { principalId: accessor.principalId, authorization: 'accessPolicies' };
  const { accessPolicies } = holder;
  if (!accessPolicies) return unknown('access_policies_missing', values);
  return judgeGrants(toPolicyGrants(accessPolicies, accessor, { holder, posture }), values);
}
