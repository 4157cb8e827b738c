import type { ManagementGroup } from './tenant-contents.ts';

/** The management groups of a tenant. Names are compared without case. */
export interface ManagementGroups {
  all: ManagementGroup[];
  find(name: string): ManagementGroup | undefined;
  /** The groups below one, level by level, without itself. */
  groupsBelow(group: ManagementGroup): ManagementGroup[];
  /** The groups that a group lies in, nearest first, without itself. */
  groupsAbove(group: ManagementGroup): ManagementGroup[];
  /** The group that a subscription lies in. */
  groupOf(subscriptionId: string): ManagementGroup | undefined;
}

/** Creates the tree of management groups. */
export function createManagementGroups(all: ManagementGroup[]): ManagementGroups {
  const byName = new Map(all.map((group) => [group.name.toLowerCase(), group]));
  const bySubscription = new Map(
    all.flatMap((group) => (group.subscriptions ?? []).map((id) => [id.toLowerCase(), group] as const)),
  );
  const find = (name: string) => byName.get(name.toLowerCase());

  function groupsBelow(group: ManagementGroup): ManagementGroup[] {
    const found = [group];
    // The list grows while it is walked.
    for (const { name } of found) {
      found.push(...all.filter((one) => one.parent?.toLowerCase() === name.toLowerCase()));
    }
    return found.slice(1);
  }

  function groupsAbove({ parent }: ManagementGroup): ManagementGroup[] {
    const above = parent === undefined ? undefined : find(parent);
    return above ? [above, ...groupsAbove(above)] : [];
  }

  return {
    all,
    find,
    groupsBelow,
    groupsAbove,
    groupOf: (subscriptionId) => bySubscription.get(subscriptionId.toLowerCase()),
  };
}

/** The id of a management group. */
export function toManagementGroupId({ name }: Pick<ManagementGroup, 'name'>): string {
  return `/providers/Microsoft.Management/managementGroups/${name}`;
}
