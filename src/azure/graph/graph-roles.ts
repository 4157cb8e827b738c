import * as z from 'zod';
import { toRoleAssignment } from '../../bodies/roles.ts';
import { builtInRole } from '../../domain/estate/built-in-roles.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import type { RoleAssignment } from '../../domain/estate/role.ts';
import { toScopeKey, toScopeKeysAbove, toSubscriptionOf } from '../../domain/estate/scope.ts';
import type { RoleAssignmentIndex, WhichRoles } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import { maxSubscriptions, toBatches } from './graph-batches.ts';
import type { AskGraph } from './graph-pages.ts';
import { managementGroupsQuery, roleAssignmentsQuery } from './graph-queries.ts';

const AssignmentRow = z.looseObject({ id: z.string() });
const SubscriptionRow = z.object({
  subscriptionId: z.string(),
  managementGroupAncestorsChain: z.array(z.object({ name: z.string() })),
});

const groupsPart = '/providers/microsoft.management/managementgroups/';

/** Builds the reading of all role assignments by one paged query, found by the scopes that they stand at. */
export function createRoleAssignmentReader(ask: AskGraph) {
  return async function readRoleAssignments(
    subscriptionIds: readonly string[],
    { which }: { which: WhichRoles },
    run: Run,
  ): Promise<RoleAssignmentIndex> {
    const byScope = new Map<string, RoleAssignment[]>();
    const above = new Set<string>();
    const texts = new Map<string, string>();
    let reading: Reading | undefined;
    for (const batch of toBatches(subscriptionIds, maxSubscriptions)) {
      for await (const page of ask(roleAssignmentsQuery, batch, run, true)) {
        reading ??= page.reading;
        for (const row of page.rows) add(row);
      }
    }
    const hasGroups = [...byScope.keys()].some((scope) => scope.startsWith(groupsPart));
    const groups = hasGroups ? await readGroups(ask, subscriptionIds, run) : undefined;
    return { at };

    /** What stands above several batches of subscriptions comes with each of them. */
    function add(row: unknown): void {
      const parsed = AssignmentRow.safeParse(row);
      if (!parsed.success) return;
      const { id, ...properties } = parsed.data;
      const assignment = toRoleAssignment({ id, properties });
      const scope = toScopeKey(assignment.scope);
      // Most roles at management groups give nothing at a key: without others, who lies below whom need not be asked.
      if (which === 'reachingKeys' && scope.startsWith(groupsPart) && !mayReachKeys(assignment)) return;
      if (!scope.startsWith('/subscriptions/')) {
        if (above.has(id)) return;
        above.add(id);
      }
      const known = byScope.get(scope);
      const kept = toKept(assignment, scope);
      if (known) known.push(kept);
      else byScope.set(scope, [kept]);
    }

    /** A tenant may have 100,000 of them: what they share is held once, and what only evidence would show is left out. */
    function toKept(assignment: RoleAssignment, scope: string): RoleAssignment {
      const { principalId, principalType, roleDefinitionId, condition } = assignment;
      return {
        id: '',
        principalId: share(principalId),
        ...(principalType ? { principalType: share(principalType) } : {}),
        roleDefinitionId: share(roleDefinitionId),
        scope,
        ...(condition ? { condition: 'present' } : {}),
      };
    }

    function share(text: string): string {
      const known = texts.get(text);
      if (known !== undefined) return known;
      texts.set(text, text);
      return text;
    }

    function at(scope: string) {
      const chain = groups?.get(toSubscriptionOf(scope));
      if (!reading || (groups && !chain)) return undefined;
      const scopes = ['', ...(chain ?? []), ...toScopeKeysAbove(scope)];
      return { state: 'found' as const, value: scopes.flatMap((one) => byScope.get(one) ?? []), reading };
    }
  };
}

/** Whether a role may permit something with keys: only Azure's own that are known not to are ruled out. */
function mayReachKeys({ roleDefinitionId }: RoleAssignment): boolean {
  const role = builtInRole(roleDefinitionId);
  return role?.state !== 'found' || role.permissions.some(({ dataActions }) => dataActions.length > 0);
}

async function readGroups(
  ask: AskGraph,
  subscriptionIds: readonly string[],
  run: Run,
): Promise<Map<string, string[]>> {
  const groups = new Map<string, string[]>();
  for (const batch of toBatches(subscriptionIds, maxSubscriptions)) {
    for await (const { rows } of ask(managementGroupsQuery, batch, run)) {
      for (const row of rows) {
        const { data } = SubscriptionRow.safeParse(row);
        if (!data) continue;
        const chain = data.managementGroupAncestorsChain.map(
          ({ name }) => `${groupsPart}${name.toLowerCase()}`,
        );
        groups.set(data.subscriptionId.toLowerCase(), chain);
      }
    }
  }
  return groups;
}
