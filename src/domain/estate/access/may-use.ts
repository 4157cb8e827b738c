import type { FoundKeyHolder } from '../key-holder.ts';
import type { Posture } from '../posture.ts';
import { toPresent } from '../present.ts';
import { createPrincipalKinds } from '../principal-kinds.ts';
import { isSameId } from '../resource-id.ts';
import { type KeyGrant, type Need, needs, toKeyGrants } from './key-grants.ts';

/** Doubts whether a grant reaches an identity, in the order in which they are told. */
const doubts = [
  'access_policy_unrecognised',
  'access_conditional',
  'role_unreadable',
  'access_through_group',
  'access_principal_unknown',
] as const;
/** Why a grant may not reach an identity. */
type Doubt = (typeof doubts)[number];

/** The identity that has to reach a key. */
export interface Accessor {
  principalId: string;
  tenantId?: string;
}

/** Whether an identity may get, wrap and unwrap; a doubtful grant makes it unclear only where it could complete the set. */
export interface KeyUse {
  state: 'yes' | 'no' | 'unclear';
  /** Why it is unclear. */
  doubt?: Doubt;
  granted: Need[];
  missing: Need[];
  /** What says so: ids of role assignments, object ids of access policies. */
  by: string[];
}

/** Tells whether an identity may use the key of a posture, as far as it was read. */
export function mayUse(accessor: Accessor, posture: Posture, holder: FoundKeyHolder): KeyUse {
  const toReach = createReach(accessor, posture, holder);
  const reaching = toKeyGrants(posture, holder).flatMap((grant) => {
    const reach = toReach(grant);
    return reach === 'none' ? [] : { ...grant, reach };
  });
  const certain = reaching.filter(({ reach, gives }) => reach === 'certain' && gives.length > 0);
  const granted = needs.filter((need) => certain.some(({ gives }) => gives.includes(need)));
  const missing = needs.filter((need) => !granted.includes(need));
  const possible = reaching.filter(
    ({ reach, gives }) => reach !== 'certain' && gives.some((need) => missing.includes(need)),
  );
  const couldBeComplete = missing.every((need) => possible.some(({ gives }) => gives.includes(need)));
  const doubt = doubts.find((one) => possible.some(({ reach }) => reach === one));
  if (missing.length === 0) return { state: 'yes', granted, missing, by: toNames(certain) };
  if (couldBeComplete && doubt) return { state: 'unclear', doubt, granted, missing, by: toNames(possible) };
  return { state: 'no', granted, missing, by: toNames(certain) };
}

/** Tells of a grant whether it reaches an identity. */
function createReach(
  { principalId, ...accessor }: Accessor,
  { keyRoles, registry: { identity }, identities }: Posture,
  holder: FoundKeyHolder,
): (grant: KeyGrant) => 'certain' | 'none' | Doubt {
  const toKind = createPrincipalKinds([keyRoles], { identity, ...toPresent({ identities }) });
  const tenantId = accessor.tenantId ?? holder.tenantId;
  return (grant) => (grant.by === 'role' ? byRole(grant) : byPolicy(grant));

  function byRole(grant: KeyGrant): 'certain' | 'none' | Doubt {
    if (isSameId(grant.principalId ?? '', principalId)) {
      if (grant.isConditional) return 'access_conditional';
      return grant.isRead ? 'certain' : 'role_unreadable';
    }
    switch (toKind(grant.principalId ?? '')) {
      case 'individual':
        return 'none';
      case 'group':
        return 'access_through_group';
      case 'unknown':
        return 'access_principal_unknown';
    }
  }

  function byPolicy(grant: KeyGrant): 'certain' | 'none' | Doubt {
    const isSameTenant = grant.tenantId && tenantId ? isSameId(grant.tenantId, tenantId) : undefined;
    if (grant.isOnBehalf || isSameTenant === false) return 'none';
    if (!grant.principalId) return 'access_policy_unrecognised';
    if (isSameId(grant.principalId, principalId))
      return grant.isRead && isSameTenant ? 'certain' : 'access_policy_unrecognised';
    return toKind(grant.principalId) === 'individual' ? 'none' : 'access_through_group';
  }
}

function toNames(grants: readonly KeyGrant[]): string[] {
  return [
    ...new Set(grants.map(({ by, id, principalId }) => (by === 'role' ? id : (principalId ?? 'unknown')))),
  ];
}
