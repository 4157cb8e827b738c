import { isServableKey, toArmKey, toCollectionKey, toHolder, toScopeKeys, withoutGroup } from './arm-key.ts';
import { toDeletedHolder } from './deleted-holder.ts';
import type { ArmBody, HolderType, TenantContents } from './tenant-contents.ts';

/** What a simulated tenant holds at this moment. Ids and paths are compared without case. */
export interface TenantState {
  /** Creates or replaces a resource; a vault that comes back is no longer soft-deleted, and the other way round. */
  put(body: ArmBody): void;
  /** Deletes a resource; a vault or Managed HSM stays behind soft-deleted unless `purge` is set. */
  remove(id: string, options?: { purge?: boolean }): void;
  get(id: string): ArmBody | undefined;
  /** The resources that the list at `path` is of, in order of their keys, each with its key. */
  list(path: string): [key: string, body: ArmBody][];
  /** Whether the caller sees the subscription. */
  hasSubscription(subscriptionId: string): boolean;
  /** Whether anything was ever in the resource group. */
  hasGroup(path: string): boolean;
  /** Whether a vault or Managed HSM of that name is live or soft-deleted anywhere. */
  isNameTaken(type: HolderType, name: string): boolean;
  isReadable(scope: string, action: string): boolean;
}

/** Creates the state of a tenant from its contents. */
export function createTenantState(contents: TenantContents): TenantState {
  const collections = new Map<string, Map<string, ArmBody>>();
  const groups = new Set<string>();
  const hidden = new Set(
    (contents.hiddenSubscriptions ?? []).map((id) => `/subscriptions/${id.toLowerCase()}`),
  );
  const unseen = new Set((contents.unseenHolders ?? []).map((id) => toHolderName(toArmKey(id))));
  const unreadable = (contents.unreadable ?? []).map(({ scope, action }) => ({
    scope: toArmKey(scope),
    action: action?.toLowerCase(),
  }));

  function put(body: ArmBody): void {
    const key = toArmKey(body.id);
    if (!isServableKey(key)) throw new Error(`The simulated tenant does not serve resources like ${body.id}`);
    const { group } = toScopeKeys(key);
    if (group) groups.add(group);
    dropOtherLife(key, body);
    const collection = collections.get(toCollectionKey(key)) ?? new Map<string, ArmBody>();
    collections.set(toCollectionKey(key), collection.set(key, structuredClone(body)));
  }

  /** A vault or Managed HSM is either live or soft-deleted. */
  function dropOtherLife(key: string, body: ArmBody): void {
    const holder = toHolder(key);
    if (!holder) return;
    const formerId = body.properties?.[holder.type === 'vaults' ? 'vaultId' : 'mhsmId'];
    if (!holder.isDeleted) dropDeleted(key);
    else if (typeof formerId === 'string') drop(toArmKey(formerId));
  }

  function dropDeleted(key: string): void {
    const holder = toHolder(key);
    if (!holder) return;
    const path = `${toScopeKeys(key).subscription}/providers/microsoft.keyvault/deleted${holder.type}`;
    for (const deleted of collections.get(path.toLowerCase())?.keys() ?? []) {
      if (toHolder(deleted)?.name === holder.name) drop(deleted);
    }
  }

  function drop(key: string): void {
    collections.get(toCollectionKey(key))?.delete(key);
  }

  function remove(id: string, { purge = false }: { purge?: boolean } = {}): void {
    const key = toArmKey(id);
    const body = get(id);
    const holder = toHolder(key);
    const deleted = body && holder && !holder.isDeleted && !purge && toDeletedHolder(body, holder.type);
    if (!holder) drop(key);
    else if (deleted) put(deleted);
    else if (body || purge) forget(key, `/${holder.type}/${holder.name}/`.toLowerCase());
  }

  function forget(key: string, below: string): void {
    drop(key);
    dropDeleted(key);
    for (const path of collections.keys()) if (path.includes(below)) collections.delete(path);
  }

  function get(id: string): ArmBody | undefined {
    const key = toArmKey(id);
    return structuredClone(collections.get(toCollectionKey(key))?.get(key));
  }

  function list(path: string): [string, ArmBody][] {
    const key = toArmKey(path);
    const collectionKey = withoutGroup(key);
    const { group } = toScopeKeys(key);
    const prefix = collectionKey === key ? '' : `${group}/`;
    return [...(collections.get(collectionKey) ?? [])]
      .filter(([id]) => id.startsWith(prefix) && !hidden.has(id))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  function isNameTaken(type: HolderType, name: string): boolean {
    const wanted = `${type}/${name.toLowerCase()}`;
    if (unseen.has(wanted)) return true;
    return [...collections]
      .filter(([path]) => path.endsWith(type.toLowerCase()))
      .some(([, collection]) => [...collection.keys()].some((key) => toHolderName(key) === wanted));
  }

  for (const body of [...contents.subscriptions, ...contents.resources]) put(body);

  return {
    put,
    remove,
    get,
    list,
    hasSubscription(subscriptionId) {
      const key = `/subscriptions/${subscriptionId.toLowerCase()}`;
      return !hidden.has(key) && get(key) !== undefined;
    },
    hasGroup: (path) => groups.has(toScopeKeys(toArmKey(path)).group ?? ''),
    isNameTaken,
    isReadable: (scope, action) =>
      !unreadable.some(
        (denied) =>
          `${toArmKey(scope)}/`.startsWith(`${denied.scope}/`) &&
          (denied.action === undefined || denied.action === action.toLowerCase()),
      ),
  };
}

function toHolderName(key: string): string {
  const holder = toHolder(key);
  return `${holder?.type}/${holder?.name}`;
}
