import { Command } from 'commander';
import type { CustodyView } from '../monitor/answers/read-custody.ts';
import { openMonitor, start, toRegistryId } from './context.ts';
import { exitCodes } from './exit.ts';
import { note, print, printJson, style } from './output.ts';
import { toTable } from './table.ts';
import { toUnfoundText } from './unfound.ts';

/** `acr-cmk custody REGISTRY` */
export const custodyCommand = new Command('custody')
  .description("tell who can decrypt a registry's images, open its key to others, and manage the registry")
  .argument('<registry>', 'resource id, or the name of a registry that was assessed before')
  .option('--json', 'print it as JSON, as the API answers it')
  .action(async (registry: string, { json }: { json?: true }) => {
    const monitor = await openMonitor();
    const id = await toRegistryId(monitor, registry);
    const answer = await monitor.custody(id, start);
    if (answer.state !== 'found') {
      const keyUri = (await monitor.queries.registry(id))?.keyUri;
      note(
        answer.state === 'noKey'
          ? toNoKeyText(id.name, answer.reason, keyUri)
          : toUnfoundText(answer, id.name),
      );
      process.exitCode = exitCodes.notAllRead;
      return;
    }
    if (json) printJson(answer.custody);
    else print(toText(answer.custody));
    if (!isWhole(answer.custody)) process.exitCode = exitCodes.notAllRead;
  });

function toNoKeyText(name: string, reason: string, keyUri: string | undefined): string {
  return keyUri
    ? `${name} has a key (${keyUri}), but its key holder can't be looked at (${reason}): who can use it is not known. "acr-cmk doctor" tells which right is missing.`
    : `${name} has no key of yours (${reason}), so there is no custody to tell of.`;
}

/** Groups are what they are; only what could not be read makes the answer incomplete. */
function isWhole({ doubts, deleteLock, auditLog }: CustodyView): boolean {
  const isUnread = doubts.some(
    (doubt) => doubt.startsWith('role_assignments_') || doubt.startsWith('managed_hsm_'),
  );
  return !isUnread && deleteLock !== 'unknown' && auditLog !== 'unknown';
}

function toText(custody: CustodyView): string {
  const { canUnwrap, canChangeAccess, canManageRegistry, inBoth, doubts } = custody;
  return [
    `Key: ${custody.keyIdentifier ?? 'not shown'}`,
    `Key holder: ${custody.keyHolderId}`,
    `Access by: ${authorizations[custody.authorization]}`,
    `Delete lock: ${custody.deleteLock}`,
    `Audit log: ${custody.auditLog}`,
    ...toSection('Can unwrap with the key (and so decrypt the images)', canUnwrap),
    ...toSection('Can change who has access to the key', canChangeAccess),
    ...toSection('Can manage the registry', canManageRegistry),
    '',
    inBoth.length > 0
      ? style('yellow', `Can both change access and manage the registry: ${inBoth.join(', ')}`)
      : 'Nobody that we can see can both change access and manage the registry.',
    ...doubts.map((doubt) => `Not certain: ${doubtTexts[doubt] ?? doubt}`),
  ].join('\n');
}

const authorizations: Record<CustodyView['authorization'], string> = {
  roles: 'roles',
  accessPolicies: 'access policies of the vault',
  localRoles: 'local roles of the Managed HSM',
  unknown: 'something that Azure did not tell',
};

const doubtTexts: Record<string, string> = {
  managed_hsm_local_roles:
    'a Managed HSM keeps its roles itself: "az keyvault role assignment list --hsm-name NAME"',
  role_assignments_forbidden:
    'role assignments may not be read (Microsoft.Authorization/roleAssignments/read)',
  role_assignments_not_visible: 'role assignments were not found',
  members_of_groups_unknown: 'who is a member of the groups above',
  principal_type_unknown: 'whether some of the above are groups',
  grant_in_doubt: 'a condition, or a role that could not be read, decides whether someone can do both',
};

function toSection(title: string, custodians: CustodyView['canUnwrap']): string[] {
  const rows = custodians.flatMap(({ principalId, kind, identityId, grants }) =>
    grants.map(({ by, role, scope, id, doubt }, index) => [
      index === 0 ? principalId : '',
      index === 0 ? toKind(kind, identityId) : '',
      by === 'role' ? `${role ?? 'a role that could not be read'} at ${scope ?? id}` : 'access policy',
      doubt ?? '',
    ]),
  );
  return [
    '',
    style('bold', title),
    rows.length > 0 ? toTable(['PRINCIPAL', 'KIND', 'BY', 'DOUBT'], rows) : 'Nobody that we can see.',
  ];
}

function toKind(kind: string, identityId: string | undefined): string {
  if (identityId) return `identity ${identityId.slice(identityId.lastIndexOf('/') + 1)}`;
  return kind === 'group' ? 'group, members unknown' : kind;
}
