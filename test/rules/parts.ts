import { builtInRoles } from '../../simulator/tenant/built-in-roles.ts';
import { keyBody } from '../../simulator/tenant/key-holder-body.ts';
import {
  type RoleAssignmentOptions,
  roleAssignmentBody,
} from '../../simulator/tenant/role-assignment-body.ts';
import { builtInRoleBody, roleDefinitionBody } from '../../simulator/tenant/role-definition-body.ts';
import type { RolePermission } from '../../simulator/tenant/role-permission.ts';
import { toDiagnosticSettings } from '../../src/bodies/diagnostic-settings.ts';
import { toKeyVersion } from '../../src/bodies/key.ts';
import { toRole, toRoleAssignment } from '../../src/bodies/roles.ts';
import type { DiagnosticSettings } from '../../src/domain/estate/diagnostic-settings.ts';
import type { FoundKeyVersion, KeyVersion } from '../../src/domain/estate/key.ts';
import { type Role, type RoleAssignments, toRoleId } from '../../src/domain/estate/role.ts';
import { identity, now, place, readingOf, vault } from './postures.ts';

/** Id of key `acr-cmk` in vault `kv-images`. */
export const keyId = `${vault().id}/keys/acr-cmk`;

/** A time of a key, some days from now. */
export function inDays(days: number): number {
  return now.getTime() / 1000 + days * 86_400;
}

/** What the reader makes of a key version's body; `attributes` and `properties` replace some, undefined leaves one out. */
export function keyVersion(
  attributes: Record<string, unknown> = {},
  properties: Record<string, unknown> = {},
): FoundKeyVersion {
  const body = keyBody(vault(), { name: 'acr-cmk', attributes });
  return toKeyVersion(
    { ...body, properties: { ...body.properties, ...properties } },
    readingOf('key', keyId),
  );
}

/** A version that is not there. */
export const goneVersion: KeyVersion = {
  state: 'absent',
  readings: [{ ...readingOf('key', keyId), status: 404 }],
};
/** A version that answers 403. */
export const forbiddenVersion: KeyVersion = {
  state: 'unreadable',
  reason: 'key_forbidden',
  missingAction: 'Microsoft.KeyVault/vaults/keys/read',
  readings: [{ ...readingOf('key', keyId), status: 403 }],
};
/** A version in use that is one of another key. */
export const strangeVersion: KeyVersion = {
  state: 'unreadable',
  reason: 'version_in_use_unrecognised',
  readings: [readingOf('key', keyId)],
};

/** A role assignment at the key: of the registry's own identity, unless it says otherwise. */
export type Assignment = Omit<RoleAssignmentOptions, 'scope' | 'principalId'> &
  Partial<Pick<RoleAssignmentOptions, 'scope' | 'principalId'>>;

/** What the readers make of the role assignments at the key, and of the built-in roles. */
export function roleAssignments(...assignments: Assignment[]): Extract<RoleAssignments, { state: 'found' }> {
  const bodies = assignments.map((one) =>
    roleAssignmentBody({ scope: keyId, principalId: identity.principalId, ...one }),
  );
  const roles = Object.entries(builtInRoles).map(
    ([name, role]) =>
      [role.guid, toRole(builtInRoleBody(name, role), readingOf('roleDefinition', role.guid))] as const,
  );
  return {
    state: 'found',
    assignments: bodies.map(toRoleAssignment),
    roles: new Map<string, Role>(roles),
    readings: [readingOf('roleAssignments', keyId)],
  };
}

/** Role assignments with a custom role that goes by the GUID `customRole`. */
export function withCustomRole(
  found: Extract<RoleAssignments, { state: 'found' }>,
  permission: Partial<RolePermission>,
): RoleAssignments {
  const body = roleDefinitionBody({
    roleName: 'Key wrapper',
    assignableScopes: [place.subscription],
    name: customRole.guid,
    ...permission,
  });
  return {
    ...found,
    roles: new Map([...found.roles, [toRoleId(body.id), toRole(body, readingOf('roleDefinition', body.id))]]),
  };
}

/** A custom role; without {@link withCustomRole} it can't be read. */
export const customRole = { guid: '5d2c8e71-9f04-4b36-8a1d-6e7f90b3c425' };

/** Role assignments that answer 403. */
export const forbiddenAssignments: RoleAssignments = {
  state: 'unreadable',
  reason: 'role_assignments_forbidden',
  missingAction: 'Microsoft.Authorization/roleAssignments/read',
  readings: [{ ...readingOf('roleAssignments', keyId), status: 403 }],
};

/** What the reader makes of the bodies of diagnostic settings. */
export function diagnosticSettings(...value: unknown[]): DiagnosticSettings {
  const reading = readingOf('diagnosticSettings', vault().id);
  return { state: 'found', settings: toDiagnosticSettings({ value }, reading), readings: [reading] };
}
