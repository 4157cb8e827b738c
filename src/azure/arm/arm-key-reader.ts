import { createKeyVaultManagement } from '@azure/arm-keyvault/api';
import * as keys from '@azure/arm-keyvault/api/keys';
import * as managedHsmKeys from '@azure/arm-keyvault/api/managedHsmKeys';
import { toDiagnosticSettings } from '../../bodies/diagnostic-settings.ts';
import { toClientId } from '../../bodies/identity.ts';
import { toKeyVersion } from '../../bodies/key.ts';
import { toLocks } from '../../bodies/locks.ts';
import { toListedRoles, toRole, toRoleAssignment } from '../../bodies/roles.ts';
import type { Lock } from '../../domain/estate/lock.ts';
import type { Listed } from '../../domain/estate/places.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { Role, RoleAssignment } from '../../domain/estate/role.ts';
import type { ArmAnswer, AzureReader } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import type { Connection } from '../connection.ts';
import { mapAnswer, type RawItem } from './arm-pages.ts';
import { createArmPaths } from './arm-paths.ts';

/** What reads keys, and who and what stands around them. */
type ArmKeyReader = Pick<
  AzureReader,
  | 'readIdentity'
  | 'readKey'
  | 'readRoleAssignments'
  | 'listRoleAssignments'
  | 'readRole'
  | 'listRoles'
  | 'readDiagnosticSettings'
  | 'readLocks'
>;

/** Api versions of what none of the SDKs above has an operation for. */
const versions = {
  authorization: '2022-04-01',
  diagnosticSettings: '2021-05-01-preview',
  locks: '2020-05-01',
  identities: '2024-11-30',
};

/** Without its vault or Managed HSM there is no key either. */
const keyGone = ['resourcenotfound', 'resourcegroupnotfound', 'parentresourcenotfound', 'keynotfound'];
const roleGone = ['resourcenotfound', 'resourcegroupnotfound', 'roledefinitiondoesnotexist'];

/** Builds the part of the reader that reads keys, identities, role assignments, roles, diagnostic settings and locks. */
export function createArmKeyReader(connection: Connection): ArmKeyReader {
  const { credential, options, caller } = connection;
  const { call } = caller;
  const { get, listAll, listPages } = createArmPaths(connection);
  const client = createKeyVaultManagement(credential, '', options);

  return {
    readIdentity,
    readKey,
    readRoleAssignments,
    listRoleAssignments,
    readRole,
    listRoles,
    readDiagnosticSettings,
    readLocks,
  };

  async function readKey(
    { kind, id, subscriptionId, resourceGroup, name: holder }: ResourceId,
    { name, version }: { name: string; version?: string },
    run: Run,
  ) {
    const context = { ...client, subscriptionId };
    const { get, getVersion } = kind === 'vault' ? keys : managedHsmKeys;
    const target = {
      what: 'key',
      id: [id, 'keys', name, ...(version ? [version] : [])].join('/'),
      goneCodes: keyGone,
    } as const;
    const answer = await call(target, run, (o) =>
      version
        ? getVersion(context, resourceGroup, holder, name, version, o)
        : get(context, resourceGroup, holder, name, o),
    );
    return mapAnswer(answer, toKeyVersion);
  }

  function readRoleAssignments(scope: string, run: Run): Promise<ArmAnswer<RoleAssignment[]>> {
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
    const query = `api-version=${versions.authorization}&$filter=atScope()`;
    return listAll({ what: 'roleAssignments', id: scope }, run, {
      path,
      query,
      toItems: (item) => [toRoleAssignment(item)],
    });
  }

  async function listRoleAssignments(subscriptionId: string, run: Run) {
    const scope = `/subscriptions/${subscriptionId}`;
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
    const query = `api-version=${versions.authorization}`;
    const pages = await listPages({ what: 'roleAssignments', id: scope }, run, { path, query });
    return mapAnswer(pages, toListedAssignments);
  }

  async function readIdentity(id: string, run: Run) {
    const request = { path: id, query: `api-version=${versions.identities}` };
    return mapAnswer(await get({ what: 'identity', id }, run, request), toClientId);
  }

  async function readRole(roleDefinitionId: string, run: Run) {
    const target = { what: 'roleDefinition', id: roleDefinitionId, goneCodes: roleGone } as const;
    const answer = await get(target, run, {
      path: roleDefinitionId,
      query: `api-version=${versions.authorization}`,
    });
    return mapAnswer(answer, toRole);
  }

  function listRoles(subscriptionId: string, run: Run): Promise<ArmAnswer<[string, Role][]>> {
    const scope = `/subscriptions/${subscriptionId}`;
    return listAll({ what: 'roleDefinition', id: scope }, run, {
      path: `${scope}/providers/Microsoft.Authorization/roleDefinitions`,
      // Roles may be made for a resource group of the subscription alone.
      query: `api-version=${versions.authorization}&$filter=atScopeAndBelow()`,
      toItems: toListedRoles,
    });
  }

  async function readDiagnosticSettings(resourceId: string, run: Run) {
    const path = `${resourceId}/providers/Microsoft.Insights/diagnosticSettings`;
    const query = `api-version=${versions.diagnosticSettings}`;
    const answer = await get({ what: 'diagnosticSettings', id: resourceId }, run, { path, query });
    return mapAnswer(answer, toDiagnosticSettings);
  }

  function readLocks(resourceId: string, run: Run): Promise<ArmAnswer<Lock[]>> {
    const path = `${resourceId}/providers/Microsoft.Authorization/locks`;
    const query = `api-version=${versions.locks}&$filter=atScope()`;
    return listAll({ what: 'locks', id: resourceId }, run, { path, query, toItems: toLocks });
  }
}

async function* toListedAssignments(items: AsyncIterable<RawItem>): AsyncGenerator<Listed<RoleAssignment>> {
  for await (const { item } of items) yield { item: toRoleAssignment(item) };
}
