/** What taking one query came to; `resetsAfter` is in whole seconds. */
export interface QuotaTaken {
  isAllowed: boolean;
  remaining: number;
  resetsAfter: number;
}

/** Counts queries in windows of time. */
export interface GraphQuota {
  take(): QuotaTaken;
}

const queriesPerWindow = 15;
const windowLength = 5000;

/**
 * Creates the quota of the one principal that a simulated tenant has, 15 queries in 5 s; `now` is in milliseconds.
 * Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
 */
export function createGraphQuota(now: () => number): GraphQuota {
  let start = Number.NEGATIVE_INFINITY;
  let taken = 0;
  return {
    take() {
      if (now() - start >= windowLength) {
        start = now();
        taken = 0;
      }
      taken += 1;
      return {
        isAllowed: taken <= queriesPerWindow,
        remaining: Math.max(0, queriesPerWindow - taken),
        resetsAfter: Math.ceil((start + windowLength - now()) / 1000),
      };
    },
  };
}

/** A quota that is never used up. */
export const endlessQuota: GraphQuota = {
  take: () => ({ isAllowed: true, remaining: queriesPerWindow - 1, resetsAfter: windowLength / 1000 }),
};
