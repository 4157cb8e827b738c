import { toArmKey, toScopeKeys } from './arm-key.ts';
import { type ManagementGroups, toManagementGroupId } from './management-groups.ts';
import type { ManagementGroup } from './tenant-contents.ts';

/** What applies at a scope, and what lies below it. Scopes are keys; the tenant's is the empty string. */
export interface ScopeReach {
  isAtOrAbove(scope: string): boolean;
  isBelow(scope: string): boolean;
  /** The subscription that it lies in, or those below it */
  subscriptions: string[];
}

/** Tells what is above and below a scope; `visible` are the keys of the subscriptions that the caller sees. */
export function toScopeReach(scope: string, groups: ManagementGroups, visible: string[]): ScopeReach {
  const key = toArmKey(scope);
  const { subscription } = toScopeKeys(key);
  if (subscription) {
    const chain = new Set(toChain(key, groups));
    return {
      isAtOrAbove: (one) => chain.has(one),
      isBelow: (one) => one.startsWith(`${key}/`),
      subscriptions: [subscription],
    };
  }
  const group = toGroup(key, groups);
  return group ? toGroupReach(group, groups, visible) : toTenantReach(visible);
}

/** The management group of that id; undefined for any other key, and where there is none. */
export function toGroup(key: string, groups: ManagementGroups): ManagementGroup | undefined {
  const [, name] = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/.exec(key) ?? [];
  return name === undefined ? undefined : groups.find(name);
}

function toTenantReach(subscriptions: string[]): ScopeReach {
  return { isAtOrAbove: (one) => one === '', isBelow: (one) => one !== '', subscriptions };
}

function toGroupReach(group: ManagementGroup, groups: ManagementGroups, visible: string[]): ScopeReach {
  const below = groups.groupsBelow(group);
  const belowKeys = new Set(below.map(toGroupKey));
  const around = new Set(['', ...[group, ...groups.groupsAbove(group)].map(toGroupKey)]);
  const ids = new Set([group, ...below].flatMap((one) => one.subscriptions ?? []).map(toSubscriptionKey));
  const subscriptions = visible.filter((one) => ids.has(one));
  return {
    isAtOrAbove: (one) => around.has(one),
    isBelow: (one) => belowKeys.has(one) || subscriptions.includes(toScopeKeys(one).subscription),
    subscriptions,
  };
}

/** A scope below a subscription and what it lies in, nearest first. */
function toChain(key: string, groups: ManagementGroups): string[] {
  const { subscription, group } = toScopeKeys(key);
  const base = group ?? subscription;
  // Resources nest by type and name: /providers/NAMESPACE/TYPE/NAME/TYPE/NAME
  const parts = key.slice(base.length).split('/').slice(1);
  const resources = parts.flatMap((_, index) =>
    index >= 3 && index % 2 === 1 ? [[base, ...parts.slice(0, index + 1)].join('/')] : [],
  );
  const nearest = groups.groupOf(subscription.slice('/subscriptions/'.length));
  const above = nearest ? [nearest, ...groups.groupsAbove(nearest)] : [];
  return [...resources.reverse(), base, subscription, ...above.map(toGroupKey), ''];
}

function toGroupKey(group: ManagementGroup): string {
  return toManagementGroupId(group).toLowerCase();
}

function toSubscriptionKey(id: string): string {
  return `/subscriptions/${id.toLowerCase()}`;
}
