import type { Arm, ArmResource } from './arm.ts';
import { ArmFailure } from './arm-failure.ts';
import { type Ensured, ensure, together } from './ensure.ts';
import { patiently, type Wait } from './patiently.ts';
import { stableGuid } from './stable-guid.ts';

const definitions = 'providers/Microsoft.Authorization/roleDefinitions';
const assignments = 'providers/Microsoft.Authorization/roleAssignments';

/** What a role is to be. */
export interface WantedRole {
  roleName: string;
  description: string;
  actions: readonly string[];
}

/** A custom role as it is there. */
export interface CustomRole extends WantedRole {
  guid: string;
  /** Ids of scopes, in lower case. */
  assignableScopes: string[];
}

/** Finds custom roles that can be assigned at a scope or below it, by their names. */
export async function findRoles(
  arm: Arm,
  scope: string,
  isWanted: (roleName: string) => boolean,
): Promise<CustomRole[]> {
  const found = await arm.list(`${scope}/${definitions}`, "type eq 'CustomRole'");
  return found.map(toRole).filter(({ roleName }) => isWanted(roleName));
}

function toRole({ name = '', properties }: ArmResource): CustomRole {
  const permissions = properties?.permissions as { actions?: string[] }[] | undefined;
  const scopes = properties?.assignableScopes as string[] | undefined;
  return {
    guid: name,
    roleName: String(properties?.roleName),
    description: String(properties?.description ?? ''),
    actions: permissions?.flatMap(({ actions = [] }) => actions) ?? [],
    assignableScopes: scopes?.map((scope) => scope.toLowerCase()) ?? [],
  };
}

/** Writes a role with exactly these scopes; the first is where it is kept. */
export async function writeRole(
  arm: Arm,
  guid: string,
  { roleName, description, actions }: WantedRole,
  assignableScopes: readonly string[],
): Promise<Ensured> {
  return await ensure(arm, `${assignableScopes[0]}/${definitions}/${guid}`, {
    properties: {
      roleName,
      description,
      type: 'CustomRole',
      assignableScopes: [...assignableScopes],
      permissions: [{ actions: [...actions], notActions: [] }],
    },
  });
}

/** Deletes a role; false where it is still assigned somewhere. */
export async function deleteRole(arm: Arm, scope: string, { guid }: CustomRole): Promise<boolean> {
  try {
    await arm.remove(`${scope}/${definitions}/${guid}`);
    return true;
  } catch (error) {
    if (error instanceof ArmFailure && error.codes.includes('RoleDefinitionHasAssignments')) return false;
    throw error;
  }
}

/** The assignments of a role right at a scope. */
async function assignmentsAt(arm: Arm, scope: string, guid: string): Promise<ArmResource[]> {
  const around = await arm.list(`${scope}/${assignments}`, 'atScope()');
  return around.filter(
    ({ properties }) =>
      String(properties?.scope).toLowerCase() === scope.toLowerCase() &&
      String(properties?.roleDefinitionId).toLowerCase().endsWith(`/${guid.toLowerCase()}`),
  );
}

/**
 * Gives a role to an identity at a scope; an assignment that an identity left behind which is no more can be taken away.
 * Its name holds the identity: one that is made anew gets an assignment of its own.
 */
export async function assignRole(
  arm: Arm,
  {
    scope,
    guid,
    principalId,
    isOnly = false,
  }: { scope: string; guid: string; principalId: string; isOnly?: boolean },
  wait?: Wait,
): Promise<Ensured> {
  const there = await assignmentsAt(arm, scope, guid);
  const others = isOnly ? there.filter(({ properties }) => properties?.principalId !== principalId) : [];
  for (const { id } of others) if (id) await arm.remove(id);
  if (there.some(({ properties }) => properties?.principalId === principalId))
    return together(others.map(() => 'changed'));
  const [subscription = ''] = /^\/subscriptions\/[^/]+/i.exec(scope) ?? [];
  try {
    await patiently(
      () =>
        arm.put(`${scope}/${assignments}/${stableGuid(scope, principalId, guid)}`, {
          properties: {
            principalId,
            principalType: 'ServicePrincipal',
            roleDefinitionId: `${subscription}/${definitions}/${guid}`,
          },
        }),
      wait,
    );
  } catch (error) {
    if (!(error instanceof ArmFailure && error.codes.includes('RoleAssignmentExists'))) throw error;
  }
  return 'made';
}

/** Takes a role away from everybody at a scope; answers how many had it. */
export async function unassignRole(arm: Arm, scope: string, guid: string): Promise<number> {
  const there = await assignmentsAt(arm, scope, guid);
  for (const { id } of there) if (id) await arm.remove(id);
  return there.length;
}

/** Takes a role away from everybody in a subscription, at whatever scope. */
export async function unassignBelow(arm: Arm, subscription: string, guid: string): Promise<void> {
  const all = await arm.list(`${subscription}/${assignments}`);
  const ours = all.filter(({ properties }) =>
    String(properties?.roleDefinitionId).toLowerCase().endsWith(`/${guid.toLowerCase()}`),
  );
  for (const { id } of ours) if (id) await arm.remove(id);
}
