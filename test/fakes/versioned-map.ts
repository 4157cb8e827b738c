/** A value in the version that was read. */
interface Versioned<T> {
  key: string;
  value: T;
  etag: string;
}

/** A map with versions and conditional writes, as a table has them; what goes in and out is copied. */
export interface VersionedMap<T> {
  get(key: string): Versioned<T> | undefined;
  /** Ordered by key. */
  list(prefix?: string): Versioned<T>[];
  put(key: string, value: T): string;
  /** Writes over the version named; undefined when it is not there in that version. */
  replace(key: string, value: T, etag: string): string | undefined;
  /** Deletes the version named, or any; another version stays. */
  remove(key: string, etag?: string): void;
}

/** Creates an empty map. */
export function createVersionedMap<T>(): VersionedMap<T> {
  const held = new Map<string, { value: T; etag: string }>();
  let version = 0;

  function put(key: string, value: T): string {
    version += 1;
    const etag = `W/"${version}"`;
    held.set(key, { value: structuredClone(value), etag });
    return etag;
  }

  function get(key: string): Versioned<T> | undefined {
    const found = held.get(key);
    return found && { key, value: structuredClone(found.value), etag: found.etag };
  }

  return {
    get,
    put,
    list: (prefix = '') =>
      [...held.keys()]
        .filter((key) => key.startsWith(prefix))
        .sort()
        .flatMap((key) => get(key) ?? []),
    replace: (key, value, etag) => (held.get(key)?.etag === etag ? put(key, value) : undefined),
    remove: (key, etag) => {
      if (etag === undefined || held.get(key)?.etag === etag) held.delete(key);
    },
  };
}
