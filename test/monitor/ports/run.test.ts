import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/monitor/ports/ports.ts';
import { endRun, withRun } from '../../../src/monitor/ports/run.ts';
import { silentLog as log } from '../../azure/arm/arm-fixture.ts';
import { startRun } from '../fixture.ts';

describe('a run', () => {
  it('waits for its deliveries when its work is done, or has failed', async () => {
    for (const fails of [false, true]) {
      const delivery = Promise.withResolvers<void>();
      const ended: string[] = [];
      const run = withRun(60_000, { log }, async ({ deliveries }) => {
        deliveries.push(delivery.promise.then(() => void ended.push('delivery')));
        if (fails) throw new Error('broken');
        return 'done';
      });
      const outcome = run.catch((error: Error) => error.message).finally(() => ended.push('run'));
      await new Promise(setImmediate);
      expect(ended).toEqual([]);
      delivery.resolve();
      expect(await outcome).toBe(fails ? 'broken' : 'done');
      expect(ended).toEqual(['delivery', 'run']);
    }
  });

  it('ends with its time, whatever is still under way', async () => {
    const never = new Promise<void>(() => {});
    let signal: AbortSignal | undefined;
    const work = async (run: Run) => {
      signal = run.signal;
      run.deliveries.push(never);
      return 'done';
    };
    expect(await withRun(20, { log }, work)).toBe('done');
    expect(signal?.aborted).toBe(true);
  });

  it('whose time is over waits for nothing', async () => {
    const run = startRun(AbortSignal.abort());
    run.deliveries.push(new Promise<void>(() => {}));
    await expect(endRun(run)).resolves.toBeUndefined();
  });

  it('ends when whoever started it says so', async () => {
    const controller = new AbortController();
    const work = async (run: Run) => {
      controller.abort();
      return run.signal.aborted;
    };
    expect(await withRun(60_000, { log, signal: controller.signal }, work)).toBe(true);
  });
});
