/** Most subscriptions that a query takes. */
export const maxSubscriptions = 1_000;

/** Cuts a list into parts of at most the given size. */
export function toBatches<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}
