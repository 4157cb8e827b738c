import { findOtherTenant } from '../../domain/estate/access/another-tenant.ts';
import { authorizationOf } from '../../domain/estate/access/authorization.ts';
import { type KeyUse, mayUse } from '../../domain/estate/access/may-use.ts';
import { toEncryptionIdentity } from '../../domain/estate/encryption-identity.ts';
import type { FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import type { Posture } from '../../domain/estate/posture.ts';
import { judgeKeyHolder, unknown } from '../key-holder/key-holder-rule.ts';
import { identityReasons } from '../registry/identity-evidence.ts';
import { defineRule, type Judgement } from '../rule.ts';
import { planAccess } from './key-noaccess.remedy.ts';

/** The registry's identity may use the key. */
export const keyNoAccess = defineRule({
  id: 'key_noaccess',
  severity: 'high',
  title: 'The registry’s identity has no access to the key',
  checks:
    'Whether the identity that the registry’s encryption names may get, wrap and unwrap with the key: by access policies, or by role assignments at the key and above it, whichever the vault goes by. A group, a condition, or a role or principal that can’t be read leads to unknown where it could complete the set, and so does a Managed HSM, whose local roles Azure Resource Manager does not show. A vault of another tenant than the registry’s subscription refuses the identity whatever is granted. Deny assignments are not read.',
  why: 'Without these three a registry can’t decrypt its images: pulls and pushes fail, at the latest when what it holds in memory runs out.',
  remedy:
    'Grant the identity the role "Key Vault Crypto Service Encryption User" at the key; in a vault with access policies: "az keyvault set-policy --name VAULT --object-id PRINCIPAL_ID --key-permissions get wrapKey unwrapKey". A vault whose tenantId is another one needs that of the registry’s subscription first: "az keyvault update --set properties.tenantId=TENANT", then its access anew. On a Managed HSM it is the local role "Managed HSM Crypto Service Encryption User" at the key.',
  reads: ['registry', 'keyHolder', 'keyRoles'],
  reasons: {
    ...identityReasons,
    access_granted: 'The identity may get, wrap and unwrap.',
    vault_of_another_tenant:
      'The vault takes identities of another tenant than that of the registry: it refuses all of this one.',
    access_missing: 'The identity lacks one of get, wrap and unwrap, and nothing that is seen could give it.',
    access_policy_unrecognised: 'What could give the identity access is an access policy in no known shape.',
    access_conditional: 'What could give the identity access is a role assignment with a condition.',
    role_unreadable: 'What could give the identity access is a role whose definition can’t be read.',
    access_through_group: 'What could give the identity access goes to a group, or to what may be one.',
    access_principal_unknown: 'What could give the identity access goes to a principal of unknown type.',
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
      const authorization = authorizationOf(holder);
      if (authorization === 'localRoles') return unknown('managed_hsm_local_roles');
      const other = findOtherTenant(posture, holder);
      if (other)
        return {
          outcome: 'fail',
          reason: 'vault_of_another_tenant',
          values: { tenantId: other.own, 'properties.tenantId': other.vault },
        };
      const identity = toEncryptionIdentity(posture.registry);
      if (identity.state === 'unknown') return unknown(identity.reason);
      if (identity.state === 'detached') return unknown('identity_detached');
      const { principalId, tenantId } = identity;
      if (!principalId) return unknown('principal_not_shown');
      if (authorization === 'unknown') {
        const enableRbacAuthorization = holder.rbacAuthorization;
        return unknown('authorization_mode_unrecognised', { principalId, enableRbacAuthorization });
      }
      const values = { principalId, authorization: authorization === 'roles' ? 'rbac' : authorization };
      const unread = authorization === 'roles' ? toUnreadRoles(posture) : toUnreadPolicies(holder);
      if (unread) return { ...unread, values: { ...values, ...unread.values } };
      const use = mayUse({ principalId, ...(tenantId ? { tenantId } : {}) }, posture, holder);
      return toJudgement(use, posture, values);
    },
  }),
  mend: planAccess,
});

function toUnreadRoles({ keyRoles }: Posture): Judgement | undefined {
  if (!keyRoles) return unknown('key_identifier_unusable');
  return keyRoles.state === 'unreadable'
    ? unknown(keyRoles.reason, { missingAction: keyRoles.missingAction })
    : undefined;
}

function toUnreadPolicies({ accessPolicies }: FoundKeyHolder): Judgement | undefined {
  return accessPolicies ? undefined : unknown('access_policies_missing');
}

/** How many grants evidence names at most. */
const maxNamed = 10;

function toJudgement(
  { state, doubt, granted, missing, by }: KeyUse,
  { keyRoles }: Posture,
  known: Record<string, unknown>,
): Judgement {
  const values = { ...known, granted, missing, by: by.slice(0, maxNamed) };
  if (state === 'yes') return { outcome: 'pass', reason: 'access_granted', values };
  if (state === 'no' || !doubt) return { outcome: 'fail', reason: 'access_missing', values };
  if (doubt !== 'role_unreadable' || keyRoles?.state !== 'found') return unknown(doubt, values);
  const [missingAction] = [...keyRoles.roles.values()].flatMap((role) =>
    role.state === 'unreadable' ? (role.missingAction ?? []) : [],
  );
  return unknown(doubt, { ...values, missingAction });
}
