import type { FoundKeyHolder } from '../key-holder.ts';
import type { Posture } from '../posture.ts';
import { toPresent } from '../present.ts';
import { createPrincipalKinds, type PrincipalKind } from '../principal-kinds.ts';
import { permitsAction, type Role, type RoleAssignment, type RoleAssignments, toRoleId } from '../role.ts';
import { type Authorization, authorizationOf } from './authorization.ts';
import { type KeyGrant, toKeyGrants } from './key-grants.ts';

/** By what somebody may do something. */
interface Grant {
  by: 'role' | 'accessPolicy';
  /** Id of the role assignment; of the vault for an access policy. */
  id: string;
  /** Name of the role, where it could be read. */
  role?: string;
  scope?: string;
  /** What is not certain about it. */
  doubt?: 'conditional' | 'role_unreadable' | 'on_behalf_of_application';
}

/** Somebody who may do something. */
interface Custodian {
  /** Object id. */
  principalId: string;
  kind: PrincipalKind;
  /** Resource id of the identity, where it is one of the registry's own. */
  identityId?: string;
  /** Whether one of the grants holds without doubt. */
  isCertain: boolean;
  grants: Grant[];
}

/** Who has which power over the key of a registry, and over the registry. */
export interface Custody {
  canUnwrap: Custodian[];
  canChangeAccess: Custodian[];
  canManageRegistry: Custodian[];
  /** Principals that can for certain change the key holder's access and manage the registry. */
  inBoth: string[];
  /** Why somebody more may be in both: a group's members, conditions, what could not be read. */
  doubts: string[];
}

/** What lets somebody grant roles. */
const grantRoles = ['Microsoft.Authorization/roleAssignments/write'];
/** What lets somebody write access policies. */
const writePolicies = ['Microsoft.KeyVault/vaults/write', 'Microsoft.KeyVault/vaults/accessPolicies/write'];
const manageRegistry = ['Microsoft.ContainerRegistry/registries/write'];

/** Tells who holds the key of a registry; roles of all assignments at key and registry have to be in the posture. */
export function toCustody(posture: Posture, holder: FoundKeyHolder): Custody {
  const { registry, keyRoles, registryRoles } = posture;
  const authorization = authorizationOf(holder);
  const isVault = authorization !== 'localRoles';
  const own = new Map(
    registry.identity?.userAssigned?.map(({ principalId, id }) => [principalId?.toLowerCase(), id]),
  );
  const toKind = createPrincipalKinds([keyRoles, registryRoles], { identity: registry.identity });
  const canUnwrap = toKeyGrants(posture, holder)
    .filter(({ gives }) => gives.includes('unwrapKey'))
    .map(toUnwrapping);
  const changing = authorization === 'roles' ? grantRoles : writePolicies;
  const canChangeAccess = isVault ? toRoleGrants(keyRoles, (role) => permitsAny(role, changing)) : [];
  const canManage = toRoleGrants(registryRoles, (role) => permitsAny(role, manageRegistry));
  const toCustodians = (grants: [string, Grant][]) => gather(grants, { toKind, own });
  const camps = {
    canChangeAccess: toCustodians(canChangeAccess),
    canManageRegistry: toCustodians(canManage),
  };
  return {
    canUnwrap: toCustodians(canUnwrap),
    ...camps,
    inBoth: toCertain(camps.canChangeAccess).filter((id) => toCertain(camps.canManageRegistry).includes(id)),
    doubts: [...toUnseen(posture, authorization), ...toOverlapDoubts(camps)],
  };
}

type FoundRole = Extract<Role, { state: 'found' }>;
type Camps = Pick<Custody, 'canChangeAccess' | 'canManageRegistry'>;

function permitsAny(role: FoundRole, actions: readonly string[]): boolean {
  return actions.some((action) => permitsAction(role, action));
}

function toRoleGrants(
  roles: RoleAssignments | undefined,
  permits: (role: FoundRole) => boolean,
): [string, Grant][] {
  if (roles?.state !== 'found') return [];
  return roles.assignments.flatMap((assignment): [string, Grant][] => {
    const role = roles.roles.get(toRoleId(assignment.roleDefinitionId));
    const isRead = role?.state === 'found';
    if (isRead && !permits(role)) return [];
    return [[assignment.principalId, toRoleGrant(assignment, isRead ? role : undefined)]];
  });
}

function toRoleGrant({ id, scope, condition }: RoleAssignment, role: FoundRole | undefined): Grant {
  const doubt = role ? (condition ? 'conditional' : undefined) : 'role_unreadable';
  return { by: 'role', id, ...(role?.name ? { role: role.name } : {}), scope, ...(doubt ? { doubt } : {}) };
}

function toUnwrapping({ by, id, principalId = '', role, scope, ...grant }: KeyGrant): [string, Grant] {
  const doubt = toDoubt(by, grant);
  return [principalId, { by, id, ...toPresent({ role, scope, doubt }) }];
}

function toDoubt(
  by: KeyGrant['by'],
  { isOnBehalf, isRead, isConditional }: Pick<KeyGrant, 'isOnBehalf' | 'isRead' | 'isConditional'>,
): Grant['doubt'] {
  if (isOnBehalf) return 'on_behalf_of_application';
  if (by === 'role' && !isRead) return 'role_unreadable';
  return isConditional ? 'conditional' : undefined;
}

function gather(
  grants: readonly [string, Grant][],
  { toKind, own }: { toKind(objectId: string): PrincipalKind; own: ReadonlyMap<string | undefined, string> },
): Custodian[] {
  const byPrincipal = Map.groupBy(grants, ([principalId]) => principalId.toLowerCase());
  return [...byPrincipal].map(([key, of]) => {
    const identityId = own.get(key);
    return {
      principalId: of[0]?.[0] ?? key,
      kind: toKind(key),
      ...(identityId ? { identityId } : {}),
      // Who is not named may be anybody.
      isCertain: key !== '' && of.some(([, { doubt }]) => !doubt),
      grants: of.map(([, grant]) => grant),
    };
  });
}

function toCertain(custodians: readonly Custodian[]): string[] {
  return custodians.filter(({ isCertain }) => isCertain).map(({ principalId }) => principalId.toLowerCase());
}

function toUnseen({ keyRoles, registryRoles }: Posture, authorization: Authorization): string[] {
  const unread = [keyRoles, registryRoles].flatMap((roles) =>
    roles?.state === 'unreadable' ? roles.reason : [],
  );
  return [...new Set([...unseenBy[authorization], ...unread])];
}

/** What is not shown of who may use a key, by what says so. */
const unseenBy: Record<Authorization, string[]> = {
  roles: [],
  accessPolicies: [],
  localRoles: ['managed_hsm_local_roles'],
  unknown: ['authorization_mode_unrecognised'],
};

/** Somebody may be in both camps by a group that is in one of them, or by a grant that is in doubt. */
function toOverlapDoubts({ canChangeAccess, canManageRegistry }: Camps): string[] {
  if (canChangeAccess.length === 0 || canManageRegistry.length === 0) return [];
  const all = [...canChangeAccess, ...canManageRegistry];
  const inBoth = canChangeAccess.some(({ principalId, isCertain }) =>
    canManageRegistry.some(
      (other) =>
        other.principalId.toLowerCase() === principalId.toLowerCase() && !(isCertain && other.isCertain),
    ),
  );
  return [
    ...(all.some(({ kind }) => kind === 'group') ? ['members_of_groups_unknown'] : []),
    ...(all.some(({ kind }) => kind === 'unknown') ? ['principal_type_unknown'] : []),
    ...(inBoth ? ['grant_in_doubt'] : []),
  ];
}
