import type { Registry } from '../../domain/estate/registry.ts';

/** Why it can't be told which identity a registry's encryption names. */
export const namedIdentityReasons: Record<string, string> = {
  encryption_identity_missing: 'Azure did not tell by which identity the registry reaches its key.',
  encryption_identity_unrecognised: 'The identity is named neither by a client id nor as “system”.',
};

/** Why the identity of a registry's encryption can't be found among the registry's own. */
export const identityReasons: Record<string, string> = {
  ...namedIdentityReasons,
  identities_not_shown: 'Azure did not tell all that is needed of the registry’s identities.',
};

/** What evidence shows of a registry's identities: facts by the name of the field. */
export function toIdentityValues({ encryption, identity }: Registry): Record<string, unknown> {
  return {
    'encryption.identity': encryption?.identity,
    'identity.type': identity?.type,
    'identity.userAssignedIdentities': identity?.userAssigned?.map(({ id }) => id),
  };
}
