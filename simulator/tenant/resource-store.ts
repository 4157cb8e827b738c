import { toCollectionKey } from './arm-key.ts';
import type { LazyResource } from './tenant-contents.ts';

/** The resources of a tenant by their keys, and by the lists that they are in. */
export interface ResourceStore {
  get(key: string): LazyResource | undefined;
  set(key: string, resource: LazyResource): void;
  delete(key: string): void;
  /** The keys of all that lies below a scope. */
  keysBelow(scope: string): string[];
  /** Deletes every list whose key contains `part`. */
  deleteLists(part: string): void;
  /** The keys in a list, in order. */
  keysOf(collection: string): readonly string[];
  /** What lists held at a time; `time` is in milliseconds. */
  asOf(time: number): StoreSnapshot;
}

/** A store as it was at some time. */
export interface StoreSnapshot {
  /** Grows with every change */
  version: number;
  membersOf(collection: string): Iterable<[key: string, resource: LazyResource]>;
}

interface Collection {
  members: Map<string, LazyResource>;
  /** The members' keys in order; absent since a change */
  keys?: string[];
}

interface Change {
  at: number;
  key: string;
  before: LazyResource | undefined;
}

/** Creates an empty store; while `now` answers undefined it is being filled, which is no change to it. */
export function createResourceStore(now: () => number | undefined): ResourceStore {
  const collections = new Map<string, Collection>();
  const changes: Change[] = [];

  function get(key: string): LazyResource | undefined {
    return collections.get(toCollectionKey(key))?.members.get(key);
  }

  function set(key: string, resource: LazyResource): void {
    const collection: Collection = collections.get(toCollectionKey(key)) ?? { members: new Map() };
    collections.set(toCollectionKey(key), collection);
    const before = collection.members.get(key);
    if (!before) delete collection.keys;
    collection.members.set(key, resource);
    noteChange(key, before);
  }

  function remove(key: string): void {
    const collection = collections.get(toCollectionKey(key));
    const before = collection?.members.get(key);
    if (!collection || !before) return;
    delete collection.keys;
    collection.members.delete(key);
    noteChange(key, before);
  }

  function noteChange(key: string, before: LazyResource | undefined): void {
    const at = now();
    if (at !== undefined) changes.push({ at, key, before });
  }

  function asOf(time: number): StoreSnapshot {
    const undone = new Map<string, LazyResource | undefined>();
    let version = changes.length;
    for (let last = changes[version - 1]; last && last.at > time; last = changes[version - 1]) {
      undone.set(last.key, last.before);
      version -= 1;
    }
    return { version, membersOf: (collection) => toFormerMembers(collection, undone) };
  }

  function toFormerMembers(collection: string, undone: Map<string, LazyResource | undefined>) {
    const members = collections.get(collection)?.members ?? new Map<string, LazyResource>();
    const touched = [...undone].filter(([key]) => toCollectionKey(key) === collection);
    if (touched.length === 0) return members;
    const former = new Map(members);
    for (const [key, before] of touched) {
      if (before) former.set(key, before);
      else former.delete(key);
    }
    return former;
  }

  return {
    get,
    set,
    delete: remove,
    deleteLists(part) {
      for (const path of collections.keys()) if (path.includes(part)) collections.delete(path);
    },
    keysOf(key) {
      const collection = collections.get(key);
      if (!collection) return [];
      collection.keys ??= [...collection.members.keys()].sort();
      return collection.keys;
    },
    keysBelow: (scope) =>
      [...collections.values()].flatMap(({ members }) =>
        [...members.keys()].filter((key) => key.startsWith(`${scope}/`)),
      ),
    asOf,
  };
}
