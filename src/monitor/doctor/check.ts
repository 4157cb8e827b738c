import type { Subscription } from '../../domain/estate/places.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import { toReason } from '../ports/run.ts';

/** What one check of the set-up came to. */
export interface Check {
  name: string;
  /** `failed`: the monitor can't do its work; `warning`: it works, and less well than it could. */
  outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, and what to do where that is not as it should be. */
  message: string;
}

/** Subscriptions that are looked at at once. */
export const concurrency = 16;

/** Items that a message names at most. */
const maxNamed = 10;

/** Makes a check; one that can't be made has failed, and says why. Without a sign-in there is nothing to check: that throws. */
export async function attempt(name: string, check: () => Promise<Check>, todo = ''): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof ReadFailure && error.isSignIn) throw error;
    return failed(name, `${toReason(error)}${todo}`);
  }
}

/** What a call came to. */
type Reached<T> = { value: T; reason?: never } | { value?: never; reason: string };

/** Asks for something whose failure must not keep the rest from being looked at. */
export async function reachFor<T>(read: () => Promise<T>): Promise<Reached<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof ReadFailure && error.isSignIn) throw error;
    return { reason: toReason(error) };
  }
}

/** A subscription as a message names it. */
export function toLabel({ subscriptionId, displayName }: Subscription): string {
  return displayName === subscriptionId ? subscriptionId : `${displayName} (${subscriptionId})`;
}

/** The first items, and how many there are beside them. */
export function toList(items: readonly string[], separator = '; '): string {
  const named = items.slice(0, maxNamed).join(separator);
  return items.length > maxNamed ? `${named} and ${items.length - maxNamed} more` : named;
}

/** A number of things, in words. */
export function toCount(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

export function ok(name: string, message: string): Check {
  return { name, outcome: 'ok', message };
}

export function warning(name: string, message: string): Check {
  return { name, outcome: 'warning', message };
}

export function failed(name: string, message: string): Check {
  return { name, outcome: 'failed', message };
}

export function skipped(name: string, message: string): Check {
  return { name, outcome: 'skipped', message };
}

/** A check of subscriptions where there are none. */
export function skippedWithoutSubscriptions(name: string): Check {
  return skipped(name, 'there is no subscription to look at');
}
