import type { Reading } from './reading.ts';

/** One block of a role's permissions. */
export interface RolePermission {
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
}

/** What a role definition permits, as far as it could be read. */
export type Role =
  | { state: 'found'; name?: string; permissions: RolePermission[] }
  | {
      state: 'unreadable';
      /** The action that the monitor's role lacks. */
      missingAction?: string;
    };

/** A role assignment that applies at a scope: its own, or one above it. */
export interface RoleAssignment {
  /** Resource id. */
  id: string;
  principalId: string;
  /** As Azure wrote it: `User`, `Group`, `ServicePrincipal`, … */
  principalType?: string;
  roleDefinitionId: string;
  scope: string;
  condition?: string;
}

/** The role assignments that apply at a scope, as far as they could be read. */
export type RoleAssignments =
  | {
      state: 'found';
      assignments: RoleAssignment[];
      /** The roles of those that matter, by {@link toRoleId}. */
      roles: ReadonlyMap<string, Role>;
      readings: Reading[];
    }
  | {
      state: 'unreadable';
      reason: 'role_assignments_forbidden' | 'role_assignments_not_visible';
      /** The action that the monitor's role lacks. */
      missingAction?: string;
      readings: Reading[];
    };

/** Which role a definition's id names, in any scope: its last part, in lower case. */
export function toRoleId(roleDefinitionId: string): string {
  return roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
}

/** Whether a role permits an action on the control plane: one block lists it and does not exclude it. */
export function permitsAction({ permissions }: Extract<Role, { state: 'found' }>, action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) => matches(actions, action) && !matches(notActions, action),
  );
}

/** Whether a role permits a data action: one block lists it and does not exclude it. */
export function permitsDataAction(
  { permissions }: Extract<Role, { state: 'found' }>,
  action: string,
): boolean {
  return permissions.some(
    ({ dataActions, notDataActions }) => matches(dataActions, action) && !matches(notDataActions, action),
  );
}

/** Kind of a principal: `individual` can't be a group. */
export function toPrincipalKind(principalType: string | undefined): 'individual' | 'group' | 'unknown' {
  switch (principalType?.toLowerCase()) {
    case 'user':
    case 'serviceprincipal':
    case 'device':
      return 'individual';
    case 'group':
    case 'foreigngroup':
      return 'group';
    default:
      return 'unknown';
  }
}

function matches(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => isMatch(pattern.trim().toLowerCase(), action.toLowerCase()));
}

/** A pattern may hold `*` for any text. Finding its parts one after the other takes no longer for many of them. */
function isMatch(pattern: string, action: string): boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return action === start;
  if (!action.startsWith(start) || action.length < start.length + end.length) return false;
  let rest = action.slice(start.length, action.length - end.length);
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return action.endsWith(end);
}
