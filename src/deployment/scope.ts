import type { Arm } from './arm.ts';

/** What a monitor watches: single subscriptions, by their ids in lower case, or a management group. */
export type Scope = { kind: 'list'; subscriptions: string[] } | { kind: 'group'; group: string };

/** The id of a management group. */
export function toGroupScope(group: string): string {
  return `/providers/Microsoft.Management/managementGroups/${group}`;
}

/** The subscriptions below a management group, at any depth, in whatever state they are. */
export async function subscriptionsBelow(arm: Arm, group: string): Promise<string[]> {
  const below = await arm.list(`${toGroupScope(group)}/descendants`);
  return below
    .filter(({ type }) => /(?:^|\/)subscriptions$/i.test(String(type)))
    .map(({ name }) => String(name).toLowerCase())
    .toSorted();
}
