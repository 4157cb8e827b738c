import {
  isKeyKey,
  isServableKey,
  isTopicKey,
  toArmKey,
  toExtensionsKey,
  toHolder,
  toScopeKeys,
  withoutGroup,
} from './arm-key.ts';
import type { ArmList } from './arm-paging.ts';
import { toDeletedHolder } from './deleted-holder.ts';
import { extensionTypes, parseExtensionPath } from './extension-path.ts';
import { createPermissions } from './permissions.ts';
import { builtInPolicies } from './policy-body.ts';
import { createResourceStore, type StoreSnapshot } from './resource-store.ts';
import type { ArmBody, HolderType, LazyResource, TenantContents } from './tenant-contents.ts';

/** What a simulated tenant holds at this moment. Ids and paths are compared without case. */
export interface TenantState {
  /** Creates or replaces a resource; a vault that comes back is no longer soft-deleted, and the other way round. */
  put(body: ArmBody): void;
  /**
   * Deletes a resource with what lies at it and below, which nothing brings back: role assignments, locks, diagnostic
   * settings, event subscriptions; a vault or Managed HSM stays behind soft-deleted unless `purge` is set.
   */
  remove(id: string, options?: { purge?: boolean }): void;
  /** Deletes a resource group with all that lies in it. */
  removeGroup(id: string): void;
  /** The ids of the resources right in a resource group. */
  resourcesIn(groupId: string): string[];
  get(id: string): ArmBody | undefined;
  /** The resources that the list at `path` is of. */
  list(path: string): ArmList;
  /** The ids of the subscriptions that the caller sees, in lower case and in order. */
  subscriptionIds(): string[];
  /** Whether the caller sees the subscription. */
  hasSubscription(subscriptionId: string): boolean;
  /** Whether anything was ever in the resource group. */
  hasGroup(path: string): boolean;
  /** Whether a vault or Managed HSM of that name is live or soft-deleted anywhere. */
  isNameTaken(type: HolderType, name: string): boolean;
  isReadable(scope: string, action: string): boolean;
  /** What lists held at a time, in milliseconds. */
  asOf(time: number): StoreSnapshot;
}

/** Creates the state of a tenant from its contents; `now` is in milliseconds. */
export function createTenantState(contents: TenantContents, now: () => number = Date.now): TenantState {
  const groups = new Set<string>();
  const names = new Map<string, number>();
  const hidden = new Set((contents.hiddenSubscriptions ?? []).map(toSubscriptionKey));
  const unseen = new Set((contents.unseenHolders ?? []).map((id) => toHolderName(toHolder(toArmKey(id)))));
  const isReadable = createPermissions(contents.unreadable ?? []);
  let isFilled = false;
  const store = createResourceStore(() => (isFilled ? now() : undefined));

  function put(body: ArmBody): void {
    const kept = structuredClone(body);
    dropOtherLife(toArmKey(body.id), body);
    keep({ id: body.id, toBody: () => kept });
  }

  function keep(resource: LazyResource): void {
    const key = toArmKey(resource.id);
    if (!isServableKey(key))
      throw new Error(`The simulated tenant does not serve resources like ${resource.id}`);
    const { group } = toScopeKeys(key);
    if (group) groups.add(group);
    if (!store.get(key)) countName(key, 1);
    store.set(key, resource);
  }

  function countName(key: string, difference: number): void {
    const holder = toHolder(key);
    if (!holder) return;
    const name = toHolderName(holder);
    names.set(name, (names.get(name) ?? 0) + difference);
  }

  /** A vault or Managed HSM is either live or soft-deleted. */
  function dropOtherLife(key: string, body: ArmBody): void {
    const holder = toHolder(key);
    if (!holder) return;
    const formerId = body.properties?.[holder.type === 'vaults' ? 'vaultId' : 'mhsmId'];
    if (!holder.isDeleted) dropDeleted(key);
    else if (typeof formerId === 'string') dropWhole(toArmKey(formerId));
  }

  function dropDeleted(key: string): void {
    const holder = toHolder(key);
    if (!holder) return;
    const path = `${toScopeKeys(key).subscription}/providers/microsoft.keyvault/deleted${holder.type}`;
    const deleted = store.keysOf(path.toLowerCase());
    for (const one of deleted.filter((other) => toHolder(other)?.name === holder.name)) drop(one);
  }

  function drop(key: string): void {
    if (store.get(key)) countName(key, -1);
    store.delete(key);
  }

  function dropWhole(key: string): void {
    drop(key);
    // Resource Manager does not hear of a key's end: what was granted at it stays.
    if (isKeyKey(key)) return;
    const { subscription } = toScopeKeys(key);
    const extensions = extensionTypes.flatMap((type) => store.keysOf(toExtensionsKey(type, subscription)));
    for (const one of extensions) if (one.startsWith(`${key}/`)) drop(one);
  }

  function remove(id: string, { purge = false }: { purge?: boolean } = {}): void {
    const key = toArmKey(id);
    const body = get(id);
    const holder = toHolder(key);
    const deleted = body && holder && !holder.isDeleted && !purge && toDeletedHolder(body, holder.type);
    if (!holder) dropResource(key);
    else if (deleted) put(deleted);
    else if (body || purge) forget(key, `/${holder.type}/${holder.name}/`.toLowerCase());
  }

  function dropResource(key: string): void {
    dropWhole(key);
    if (isTopicKey(key)) store.deleteLists(`${key}/`);
  }

  function forget(key: string, below: string): void {
    dropWhole(key);
    dropDeleted(key);
    store.deleteLists(below);
  }

  function removeGroup(id: string): void {
    const key = toArmKey(id);
    for (const one of store.keysBelow(key)) drop(one);
    drop(key);
    groups.delete(key);
  }

  function get(id: string): ArmBody | undefined {
    return structuredClone(store.get(toArmKey(id))?.toBody());
  }

  function list(path: string): ArmList {
    const key = toArmKey(path);
    const collectionKey = withoutGroup(key);
    const { group } = toScopeKeys(key);
    const isWhole = collectionKey === key;
    const keys = store.keysOf(collectionKey);
    return {
      keys: isWhole
        ? keys.filter((one) => !hidden.has(one))
        : keys.filter((one) => one.startsWith(`${group}/`)),
      read: (one) => store.get(one)?.toBody() as ArmBody,
    };
  }

  for (const resource of contents.lazyResources ?? []) keep(resource);
  for (const body of [...builtInPolicies(), ...contents.subscriptions, ...contents.resources]) put(body);
  isFilled = true;

  return {
    put,
    remove,
    removeGroup,
    resourcesIn: (groupId) =>
      store
        .keysBelow(toArmKey(groupId))
        .filter((key) => /^\/subscriptions(?:\/[^/]+){3}\/providers\/[^/]+\/[^/]+\/[^/]+$/.test(key))
        .filter((key) => !parseExtensionPath(key)),
    get,
    list,
    subscriptionIds: () => list('/subscriptions').keys.map((key) => key.slice('/subscriptions/'.length)),
    hasSubscription(subscriptionId) {
      const key = toSubscriptionKey(subscriptionId);
      return !hidden.has(key) && store.get(key) !== undefined;
    },
    hasGroup: (path) => groups.has(toScopeKeys(toArmKey(path)).group ?? ''),
    isNameTaken(type, name) {
      const wanted = `${type}/${name.toLowerCase()}`;
      return unseen.has(wanted) || (names.get(wanted) ?? 0) > 0;
    },
    isReadable,
    asOf: store.asOf,
  };
}

function toSubscriptionKey(subscriptionId: string): string {
  return `/subscriptions/${subscriptionId.toLowerCase()}`;
}

function toHolderName(holder: ReturnType<typeof toHolder>): string {
  return `${holder?.type}/${holder?.name}`;
}
