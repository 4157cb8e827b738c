import { isSameId } from '../domain/estate/resource-id.ts';
import type { Subject } from './subject.ts';

/** "Key Vault Crypto Service Encryption User": get, wrap and unwrap with keys, and nothing else. */
export const encryptionUserRole = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';
/** The same among a Managed HSM's local roles. */
export const localEncryptionUserRole = 'Managed HSM Crypto Service Encryption User';
/** Id of that local role. */
export const localEncryptionUserRoleId = '33413926-3206-4cdd-b39a-83574fe37a17';

/** Permissions on keys by the spelling of the Azure command line (az keyvault set-policy --key-permissions). */
const keyPermissions = [
  'all',
  'backup',
  'create',
  'decrypt',
  'delete',
  'encrypt',
  'get',
  'getrotationpolicy',
  'import',
  'list',
  'purge',
  'recover',
  'release',
  'restore',
  'rotate',
  'setrotationpolicy',
  'sign',
  'unwrapKey',
  'update',
  'verify',
  'wrapKey',
];

/** What an access policy of the identity has to permit: what a registry needs, and what the identity has already, for setting a policy replaces it. */
export function toKeyPermissions({ posture, identity }: Subject): string[] {
  const { keyHolder } = posture;
  const policies = (keyHolder?.state === 'found' && keyHolder.accessPolicies) || [];
  const own = policies
    .filter(
      ({ objectId, applicationId }) =>
        objectId && identity.principalId && !applicationId && isSameId(objectId, identity.principalId),
    )
    .flatMap(({ keys = [] }) => keys);
  const wanted = new Set(['get', 'wrapkey', 'unwrapkey', ...own.map((key) => key.toLowerCase())]);
  return keyPermissions.filter((permission) => wanted.has(permission.toLowerCase()));
}
