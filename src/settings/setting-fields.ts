import * as z from 'zod';

/** A setting: absent and blank ones take the default. */
export function setting(fallback: string) {
  return z
    .string()
    .optional()
    .transform((value) => value?.trim() || fallback);
}

/** Reads a number within its bounds. */
export function toNumber(
  text: string,
  context: z.RefinementCtx,
  { from, to }: { from: number; to: number },
): number {
  const number = Number(text);
  if (!(number >= from && number <= to)) return fault(context, `must be a number from ${from} to ${to}`);
  return number;
}

/** Says what is wrong with a setting. */
export function fault(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** Whether an address can be called safely: HTTPS, or HTTP on loopback, without user name and password. */
export function isSafeTarget(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (username || password) return false;
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}
