/** What a key stands for, made once; with `most`, what was made longest ago is forgotten beyond that number. */
export function memoise<Key, T>(
  memo: Map<Key, Promise<T>>,
  key: Key,
  make: () => Promise<T>,
  most = Number.POSITIVE_INFINITY,
): Promise<T> {
  const known = memo.get(key);
  if (known) return known;
  if (memo.size >= most) {
    const [oldest] = memo.keys();
    if (oldest !== undefined) memo.delete(oldest);
  }
  const made = make();
  memo.set(key, made);
  return made;
}
