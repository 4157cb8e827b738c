import type { FoundKeyHolder } from '../key-holder.ts';

/** What says who may use the keys of a key holder; `unknown` where a vault shows neither. */
export type Authorization = 'roles' | 'accessPolicies' | 'localRoles' | 'unknown';

/** What a key holder goes by: a Managed HSM by local roles, a vault by roles only where it says so. */
export function authorizationOf({
  kind,
  rbacAuthorization,
}: Pick<FoundKeyHolder, 'kind' | 'rbacAuthorization'>): Authorization {
  if (kind === 'managedHsm') return 'localRoles';
  if (rbacAuthorization === true) return 'roles';
  return rbacAuthorization === undefined || rbacAuthorization === false ? 'accessPolicies' : 'unknown';
}
