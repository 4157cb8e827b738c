import { type ManagementGroups, toManagementGroupId } from '../management-groups.ts';
import type { ManagementGroup } from '../tenant-contents.ts';
import type { TenantState } from '../tenant-state.ts';
import type { GraphRequest } from './graph-request.ts';

/** What a query is about, as far as the caller may read it. */
export interface GraphScope {
  /** Ids of subscriptions, in lower case */
  subscriptions: string[];
  /** Management groups that the query is about */
  groups: ManagementGroup[];
  /** Keys of the scopes that the query names; the tenant's is the empty string */
  named: Set<string>;
  /** Keys of the scopes that these lie in */
  above: Set<string>;
  /** Whether there are more subscriptions than a query may be about */
  isCut: boolean;
}

const subscriptionsPerQuery = 10_000;

/** Finds what a query is about; undefined where it names scopes and the caller may read none of them. */
export function toGraphScope(
  request: GraphRequest,
  state: TenantState,
  groups: ManagementGroups,
): GraphScope | undefined {
  const visible = state.subscriptionIds().filter((id) => isReadable(state, id));
  const named = toNamedSubscriptions(request, visible);
  if (named) return named.length > 0 ? toSubscriptionScope(named, groups) : undefined;
  if (request.managementGroups?.length) return toGroupsScope(request.managementGroups, visible, groups);
  return {
    subscriptions: visible.slice(0, subscriptionsPerQuery),
    groups: groups.all,
    named: new Set(['']),
    above: new Set(),
    isCut: visible.length > subscriptionsPerQuery,
  };
}

function isReadable(state: TenantState, id: string): boolean {
  return state.isReadable(`/subscriptions/${id}`, 'Microsoft.Resources/subscriptions/read');
}

function toNamedSubscriptions({ subscriptions }: GraphRequest, visible: string[]): string[] | undefined {
  if (!subscriptions?.length) return undefined;
  const asked = new Set(subscriptions.map((id) => id.toLowerCase()));
  return visible.filter((id) => asked.has(id));
}

function toSubscriptionScope(subscriptions: string[], groups: ManagementGroups): GraphScope {
  const around = subscriptions.flatMap((id) => toAncestors(groups.groupOf(id), groups));
  return {
    subscriptions,
    groups: [],
    named: new Set(subscriptions.map((id) => `/subscriptions/${id}`)),
    above: toScopeKeys(around),
    isCut: false,
  };
}

function toGroupsScope(names: string[], visible: string[], groups: ManagementGroups): GraphScope | undefined {
  const named = names.flatMap((name) => groups.find(name) ?? []);
  if (named.length === 0) return undefined;
  const all = [...new Set(named.flatMap((group) => [group, ...groups.groupsBelow(group)]))];
  const below = new Set(all.flatMap((group) => (group.subscriptions ?? []).map((id) => id.toLowerCase())));
  const subscriptions = visible.filter((id) => below.has(id));
  return {
    subscriptions: subscriptions.slice(0, subscriptionsPerQuery),
    groups: all,
    named: new Set(named.map(toKey)),
    above: toScopeKeys(named.flatMap((group) => groups.groupsAbove(group))),
    isCut: subscriptions.length > subscriptionsPerQuery,
  };
}

function toAncestors(group: ManagementGroup | undefined, groups: ManagementGroups): ManagementGroup[] {
  return group ? [group, ...groups.groupsAbove(group)] : [];
}

/** The tenant itself lies above everything. */
function toScopeKeys(groups: ManagementGroup[]): Set<string> {
  return new Set(['', ...groups.map(toKey)]);
}

function toKey(group: ManagementGroup): string {
  return toManagementGroupId(group).toLowerCase();
}
