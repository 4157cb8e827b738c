import { builtInRole } from '../../domain/estate/built-in-roles.ts';
import type { DiagnosticSetting, DiagnosticSettings } from '../../domain/estate/diagnostic-settings.ts';
import type { KeyVersion } from '../../domain/estate/key.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import { type Role, type RoleAssignment, toRoleId } from '../../domain/estate/role.ts';
import type { ArmAnswer, WhichRoles } from '../ports/azure-ports.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import { memoise } from './memoise.ts';
import type { StrongReads } from './strong-reads.ts';
import { toUnreadable } from './unreadable.ts';

/** Role assignments that apply at a scope, without what their roles permit. */
export type AssignmentsAt = ArmAnswer<RoleAssignment[]>;

/** Reads what a key hangs on, each thing once. */
export interface MemoReads {
  /** The newest version of a key, or a certain one. */
  readKeyVersion(holder: ResourceId, name: string, version?: string): Promise<KeyVersion>;
  /** At least those that are asked for. */
  readAssignments(scope: string, which: WhichRoles): Promise<AssignmentsAt>;
  /** The roles of definitions, by {@link toRoleId}; `near` is a scope whose subscription they are assigned in. */
  readRoles(roleDefinitionIds: readonly string[], near: string): Promise<Map<string, Role>>;
  /** The client id of a user-assigned identity that is there, where it is told. */
  readIdentity(id: string): Promise<ArmAnswer<string | undefined>>;
  /** The tenant of a subscription; undefined where that can't be told. */
  readTenant(subscriptionId: string): Promise<string | undefined>;
  /** Which of the given object ids are those of managed identities, in lower case; none where that can't be told. */
  readIdentities(principalIds: readonly string[]): Promise<Set<string>>;
  readDiagnosticSettings(resourceId: string): Promise<DiagnosticSettings>;
}

/** Builds the reads of one run; `strong` is what role assignments are read by. */
export function createMemoReads(
  { azure, inventory }: Pick<Ports, 'azure' | 'inventory'>,
  run: Run,
  strong: Pick<StrongReads, 'readRoleAssignments'> = azure,
): MemoReads {
  const versions = new Map<string, Promise<KeyVersion>>();
  const assignments = new Map<string, Promise<AssignmentsAt>>();
  const roles = new Map<string, Promise<Role>>();
  const listedRoles = new Map<string, Promise<void>>();
  const identities = new Map<string, Promise<Set<string>>>();
  const identity = new Map<string, Promise<ArmAnswer<string | undefined>>>();
  const subscriptions = new Map<string, Promise<Map<string, string>>>();
  const settings = new Map<string, Promise<DiagnosticSettings>>();

  return {
    readKeyVersion: (holder, name, version) =>
      remember(versions, `${holder.id}|${name}|${version ?? ''}`, async () =>
        toKeyVersion(await azure.readKey(holder, { name, ...(version ? { version } : {}) }, run), {
          holder,
          isVersion: version !== undefined,
        }),
      ),
    readAssignments: (scope) => remember(assignments, scope, () => strong.readRoleAssignments(scope, run)),
    readRoles,
    readIdentity: (id) => remember(identity, id, () => azure.readIdentity(id, run)),
    readTenant: async (id) => (await remember(subscriptions, '', listTenants)).get(id.toLowerCase()),
    readIdentities: (ids) =>
      remember(
        identities,
        ids.toSorted().join(' '),
        async () => (await inventory?.listIdentities(ids, run)) ?? new Set(),
      ),
    readDiagnosticSettings: (id) =>
      remember(settings, id, async () => toSettings(await azure.readDiagnosticSettings(id, run))),
  };

  async function listTenants(): Promise<Map<string, string>> {
    try {
      const listed = await azure.listSubscriptions(run);
      return new Map(
        listed.flatMap((one) =>
          'item' in one && one.item.tenantId
            ? [[one.item.subscriptionId.toLowerCase(), one.item.tenantId] as const]
            : [],
        ),
      );
    } catch (error) {
      if (!(error instanceof ReadFailure)) throw error;
      return new Map();
    }
  }

  async function readRoles(definitionIds: readonly string[], near: string): Promise<Map<string, Role>> {
    const ids = [...new Map(definitionIds.map((id) => [toRoleId(id), id])).values()];
    const unread = ids.filter((id) => id && !builtInRole(id) && !roles.has(toRoleId(id)));
    if (unread.length > maxSingle) await readListedRoles(/^\/subscriptions\/([^/]+)/i.exec(near)?.[1]);
    return new Map(await Promise.all(ids.map(async (id) => [toRoleId(id), await readRole(id)] as const)));
  }

  function readRole(id: string): Promise<Role> {
    const known = builtInRole(id);
    if (known) return Promise.resolve(known);
    return remember(roles, toRoleId(id), async () => {
      if (!id) return { state: 'unreadable' };
      const answer = await azure.readRole(id, run);
      if (answer.state === 'found') return answer.value;
      return answer.state === 'forbidden'
        ? { state: 'unreadable', missingAction: 'Microsoft.Authorization/roleDefinitions/read' }
        : { state: 'unreadable' };
    });
  }

  /** All roles of a subscription at once; what the list does not hold, or does not answer, is read one by one. */
  async function readListedRoles(subscriptionId: string | undefined): Promise<void> {
    if (!subscriptionId) return;
    await remember(listedRoles, subscriptionId, async () => {
      try {
        const answer = await azure.listRoles(subscriptionId, run);
        if (answer.state !== 'found') return;
        for (const [id, role] of answer.value) roles.set(id, Promise.resolve(role));
      } catch (error) {
        if (!(error instanceof ReadFailure)) throw error;
      }
    });
  }
}

function toKeyVersion(
  answer: ArmAnswer<KeyVersion>,
  { holder, isVersion }: { holder: ResourceId; isVersion: boolean },
): KeyVersion {
  if (answer.state === 'found') return answer.value;
  if (answer.state === 'gone') return { state: 'absent', readings: [answer.reading] };
  const type = holder.kind === 'vault' ? 'vaults' : 'managedHSMs';
  return toUnreadable(answer, {
    forbidden: 'key_forbidden',
    otherwise: 'key_not_visible',
    action: `Microsoft.KeyVault/${type}/keys/${isVersion ? 'versions/' : ''}read`,
  });
}

function toSettings(answer: ArmAnswer<DiagnosticSetting[]>): DiagnosticSettings {
  if (answer.state === 'found') {
    return { state: 'found', settings: answer.value, readings: [answer.reading] };
  }
  return toUnreadable(answer, {
    forbidden: 'diagnostic_settings_forbidden',
    otherwise: 'diagnostic_settings_not_visible',
    action: 'Microsoft.Insights/diagnosticSettings/read',
  });
}

/** Roles that are read one by one; with more of them their subscription's list is read. */
const maxSingle = 2;

/**
 * Reads that are remembered of each kind: a tenant may have 100,000 keys. Registries that share one mostly lie close
 * together, so that what is forgotten is hardly ever read again.
 */
const maxRemembered = 5_000;

function remember<T>(memo: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  return memoise(memo, key.toLowerCase(), make, maxRemembered);
}
