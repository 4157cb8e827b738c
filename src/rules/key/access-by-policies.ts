import type { AccessPolicy, FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import type { Posture } from '../../domain/estate/posture.ts';
import { toPresent } from '../../domain/estate/present.ts';
import { createPrincipalKinds } from '../../domain/estate/principal-kinds.ts';
import { isSameId } from '../../domain/estate/resource-id.ts';
import { type Grant, type Need, needs } from './access-grants.ts';

/** The identity that has to reach a key. */
export interface Accessor {
  principalId: string;
  tenantId?: string;
}

/** What a vault's access policies grant that reaches an identity, or may. */
export function toPolicyGrants(
  policies: readonly AccessPolicy[],
  accessor: Accessor,
  { holder, posture }: { holder: FoundKeyHolder; posture: Posture },
): Grant[] {
  const toKind = createPrincipalKinds([posture.keyRoles], {
    identity: posture.registry.identity,
    ...toPresent({ identities: posture.identities }),
  });
  const tenantId = accessor.tenantId ?? holder.tenantId;
  return policies.flatMap(toGrants);

  function toGrants({ objectId, tenantId: theirs, applicationId, keys }: AccessPolicy): Grant[] {
    // An entry for an application on behalf of someone is of no use to an identity that acts for itself.
    const isSameTenant = theirs && tenantId ? isSameId(theirs, tenantId) : undefined;
    if (applicationId || isSameTenant === false) return [];
    const grant = { by: objectId ?? 'unknown', gives: keys ? toNeeds(keys) : needs };
    if (!objectId) return [{ ...grant, doubt: 'access_policy_unrecognised' }];
    if (isSameId(objectId, accessor.principalId))
      return keys && isSameTenant ? [grant] : [{ ...grant, doubt: 'access_policy_unrecognised' }];
    return toKind(objectId) === 'individual' ? [] : [{ ...grant, doubt: 'access_through_group' }];
  }
}

function toNeeds(keys: readonly string[]): Need[] {
  const permitted = new Set(keys.map((permission) => permission.trim().toLowerCase()));
  return needs.filter((need) => permitted.has('all') || permitted.has(need.toLowerCase()));
}
