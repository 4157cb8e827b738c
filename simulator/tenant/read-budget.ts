/** What taking one read from a bucket came to. */
type ReadTaken = { isAllowed: true; remaining: number } | { isAllowed: false; retryAfter: number };

/** Counts reads by bucket. */
export interface ReadBudget {
  /** Takes one read from the bucket called `key`, or tells in how many seconds one will be there. */
  take(key: string): ReadTaken;
}

/**
 * Creates token buckets as Resource Manager keeps them a subscription and principal: 250 reads, refilled at 25 a second.
 * `now` is in milliseconds. Source: https://aka.ms/arm-throttling
 */
export function createReadBudget(
  now: () => number = () => performance.now(),
  capacity = 250,
  perSecond = 25,
): ReadBudget {
  const buckets = new Map<string, { tokens: number; filledAt: number }>();
  return {
    take(key) {
      const bucket = buckets.get(key) ?? { tokens: capacity, filledAt: now() };
      const refilled = bucket.tokens + ((now() - bucket.filledAt) * perSecond) / 1000;
      const tokens = Math.min(capacity, refilled);
      const isAllowed = tokens >= 1;
      buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, filledAt: now() });
      if (isAllowed) return { isAllowed, remaining: Math.floor(tokens - 1) };
      return { isAllowed, retryAfter: Math.ceil((1 - tokens) / perSecond) };
    },
  };
}
