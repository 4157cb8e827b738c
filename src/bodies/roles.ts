import * as z from 'zod';
import { toPresent } from '../domain/estate/present.ts';
import type { Reading } from '../domain/estate/reading.ts';
import { type Role, type RoleAssignment, type RolePermission, toRoleId } from '../domain/estate/role.ts';
import { asWritten, optionalBag, parse, text, texts } from './fields.ts';

const AssignmentBody = optionalBag.pipe(
  z.object({
    id: text,
    properties: optionalBag.pipe(
      z.object({
        principalId: text,
        principalType: text,
        roleDefinitionId: text,
        scope: text,
        condition: text,
      }),
    ),
  }),
);

const assignmentsPart = '/providers/microsoft.authorization/roleassignments/';

/** Reads a role assignment; what one does not tell is empty, and may be anybody or any role. */
export function toRoleAssignment(body: unknown): RoleAssignment {
  const { id = '', properties } = AssignmentBody.parse(body);
  const { principalId = '', roleDefinitionId = '', scope, principalType, condition } = properties;
  const ownScope = id.slice(0, Math.max(0, id.toLowerCase().lastIndexOf(assignmentsPart)));
  return {
    id,
    principalId,
    roleDefinitionId,
    scope: scope ?? (ownScope || '/'),
    ...toPresent({ principalType, condition: condition?.trim() || undefined }),
  };
}

const RoleBody = z.object({ properties: z.object({ roleName: text, permissions: asWritten }) });

const PermissionBody = z.record(z.string(), z.unknown());

/** Reads a role definition; one whose permissions are in no known shape is unreadable. */
export function toRole(body: unknown, reading: Reading): Role {
  const { roleName, permissions } = parse(RoleBody, body, reading).properties;
  const read = Array.isArray(permissions) ? permissions.map(toPermission) : [undefined];
  const known = read.flatMap((permission) => permission ?? []);
  return known.length === read.length
    ? { state: 'found', ...toPresent({ name: roleName }), permissions: known }
    : { state: 'unreadable' };
}

const ListedRole = z.object({ id: z.string() });

/** Reads an item of a list of role definitions, by {@link toRoleId}; nothing for one that can't be read. */
export function toListedRoles(item: unknown, reading: Reading): [string, Role][] {
  const { data } = ListedRole.safeParse(item);
  const hasProperties = RoleBody.safeParse(item).success;
  return data && hasProperties ? [[toRoleId(data.id), toRole(item, reading)]] : [];
}

/** Reads one block of permissions: lists that are left out are empty ones, those of another shape make it unreadable. */
export function toPermission(body: unknown): RolePermission | undefined {
  const permission = PermissionBody.safeParse(body).data;
  if (!permission) return undefined;
  const [actions, notActions, dataActions, notDataActions] = [
    permission.actions,
    permission.notActions,
    permission.dataActions,
    permission.notDataActions,
  ].map((actions) => texts.parse(actions ?? []));
  return actions && notActions && dataActions && notDataActions
    ? { actions, notActions, dataActions, notDataActions }
    : undefined;
}
