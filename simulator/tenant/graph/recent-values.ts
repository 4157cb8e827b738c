/** Keeps the values that were used last. */
export interface RecentValues<T> {
  /** The value under a key, or what `make` makes. */
  get(key: string, make: () => T): T;
}

/** Creates an empty memory of at most `size` values. */
export function createRecentValues<T>(size: number): RecentValues<T> {
  const values = new Map<string, T>();
  return {
    get(key, make) {
      const value = values.get(key) ?? make();
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > size && oldest !== undefined) values.delete(oldest);
      return value;
    },
  };
}
