import { setTimeout as wait } from 'node:timers/promises';

/** Keeps requests within what Azure allows, and within what was configured. */
export interface ReadLimits {
  /** Sends a request when its turn has come; `subscription` is the one whose budget it takes from. */
  take<T>(
    subscription: string | undefined,
    signal: AbortSignal | undefined,
    send: () => Promise<T>,
  ): Promise<T>;
}

/** Azure's limit of reads for each subscription and principal (https://aka.ms/arm-throttling). */
const burst = 250;
const perSecond = 25;

/** Builds the limits: a bucket of reads for each subscription, and so many requests under way at once. */
export function createReadLimits({ concurrency }: { concurrency: number }): ReadLimits {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return {
    async take(subscription, signal, send) {
      if (subscription) await takeToken(subscription.toLowerCase(), signal);
      await enter(signal);
      try {
        return await send();
      } finally {
        leave();
      }
    },
  };

  /** Takes a token that may still have to come, so that those who wait are served in order. */
  async function takeToken(subscription: string, signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now();
    const last = buckets.get(subscription) ?? { tokens: burst, at: now };
    const bucket = {
      tokens: Math.min(burst, last.tokens + ((now - last.at) / 1000) * perSecond) - 1,
      at: now,
    };
    buckets.set(subscription, bucket);
    if (bucket.tokens >= 0) return;
    await wait((-bucket.tokens / perSecond) * 1000, undefined, signal ? { signal } : {});
  }

  async function enter(signal: AbortSignal | undefined): Promise<void> {
    if (underWay < concurrency) {
      underWay += 1;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const giveUp = () => {
      const index = waiting.indexOf(turn.resolve);
      if (index >= 0) waiting.splice(index, 1);
      turn.reject(signal?.reason);
    };
    waiting.push(turn.resolve);
    signal?.addEventListener('abort', giveUp, { once: true });
    await turn.promise.finally(() => signal?.removeEventListener('abort', giveUp));
  }

  /** Hands the place on to the next in line, or frees it. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  }
}
