/** Longest wait that an answer can ask for, in milliseconds. */
const longestWait = 86_400_000;

/** The wait that a `Retry-After` header asks for, in seconds or as a date, in milliseconds; undefined where there is none to rely on. */
export function toRetryAfter(header: string | null | undefined, now: Date): number | undefined {
  if (!header) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), longestWait) : undefined;
}
