import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReadLimits } from '../../../src/azure/arm/read-limits.ts';

/** A subscription's budget without a wait. */
const burst = 250;

/** How many reads were sent, and how to let those under way end. */
function createSender() {
  const ends: (() => void)[] = [];
  return {
    sent: () => ends.length,
    send: () => new Promise<void>((resolve) => ends.push(resolve)),
    end: (index: number) => ends[index]?.(),
  };
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = () => new Promise(setImmediate);
const send = async () => performance.now();

describe('the budget of a subscription', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** Takes so many reads at once; tells how many were sent without waiting. */
  async function takeMany(limits: ReturnType<typeof createReadLimits>, subscription: string, count: number) {
    let sent = 0;
    const all = Array.from({ length: count }, () =>
      limits.take(subscription, undefined, async () => {
        sent += 1;
      }),
    );
    await settle();
    const atOnce = sent;
    return { atOnce, all: Promise.all(all) };
  }

  it('is 250 reads at once, and one more every 40 ms', async () => {
    const limits = createReadLimits({ concurrency: 1_000 });
    const startedAt = process.hrtime.bigint();
    const { atOnce, all } = await takeMany(limits, 'first', burst + 5);
    expect(atOnce).toBe(burst);
    await all;
    // The fifth beyond the budget comes after 200 ms; timers may be early by one.
    expect(Number(process.hrtime.bigint() - startedAt) / 1e6).toBeGreaterThanOrEqual(198);
  });

  it('is refilled by 25 reads a second, up to 250', async () => {
    const limits = createReadLimits({ concurrency: 1_000 });
    await (await takeMany(limits, 'first', burst)).all;
    vi.advanceTimersByTime(400);
    expect(await takeMany(limits, 'FIRST', 11)).toMatchObject({ atOnce: 10 });
    vi.advanceTimersByTime(3_600_000);
    expect(await takeMany(limits, 'first', burst + 1)).toMatchObject({ atOnce: burst });
  });

  it('is its own, and what belongs to no subscription has none', async () => {
    const limits = createReadLimits({ concurrency: 1_000 });
    await (await takeMany(limits, 'first', burst)).all;
    expect(await takeMany(limits, 'second', burst)).toMatchObject({ atOnce: burst });
    const all = Array.from({ length: 2 * burst }, () => limits.take(undefined, undefined, send));
    await expect(Promise.all(all)).resolves.toHaveLength(2 * burst);
  });

  it('does not keep anybody waiting whose time is over', async () => {
    const limits = createReadLimits({ concurrency: 1_000 });
    // The last of them would wait for 40 s.
    const controller = new AbortController();
    const waiting = Array.from({ length: burst + 1_000 }, () =>
      limits.take('first', controller.signal, send).catch((error: Error) => error.name),
    );
    await settle();
    controller.abort();
    const outcomes = await Promise.all(waiting);
    expect(outcomes.filter((outcome) => outcome === 'AbortError').length).toBeGreaterThan(900);
    await expect(limits.take('second', undefined, send)).resolves.toEqual(expect.any(Number));
  });
});

describe('requests under way', () => {
  it('are as many as were configured; the next one goes when one has ended', async () => {
    const limits = createReadLimits({ concurrency: 3 });
    const sender = createSender();
    const all = Array.from({ length: 5 }, (_, index) => limits.take(`s${index}`, undefined, sender.send));
    await settle();
    expect(sender.sent()).toBe(3);
    sender.end(1);
    await settle();
    expect(sender.sent()).toBe(4);
    for (const index of [0, 2, 3]) sender.end(index);
    await settle();
    expect(sender.sent()).toBe(5);
    sender.end(4);
    await Promise.all(all);
  });

  it('are served in the order in which they came', async () => {
    const limits = createReadLimits({ concurrency: 1 });
    const order: number[] = [];
    await Promise.all(
      [0, 1, 2, 3, 4].map((index) => limits.take(undefined, undefined, async () => order.push(index))),
    );
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('make room when they fail', async () => {
    const limits = createReadLimits({ concurrency: 1 });
    const failing = limits.take(undefined, undefined, () => Promise.reject(new Error('broken')));
    const next = limits.take(undefined, undefined, send);
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toEqual(expect.any(Number));
  });

  it('do not keep anybody waiting whose time is over, and lose no place by it', async () => {
    const limits = createReadLimits({ concurrency: 1 });
    const sender = createSender();
    const first = limits.take(undefined, undefined, sender.send);
    const controller = new AbortController();
    const given = limits.take(undefined, controller.signal, sender.send);
    const third = limits.take(undefined, undefined, sender.send);
    await settle();
    controller.abort(new Error('time is over'));
    await expect(given).rejects.toThrow('time is over');
    sender.end(0);
    await first;
    await settle();
    expect(sender.sent()).toBe(2);
    sender.end(1);
    await third;
    await expect(limits.take(undefined, undefined, send)).resolves.toEqual(expect.any(Number));
  });
});
