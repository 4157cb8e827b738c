import { setTimeout as delay } from 'node:timers/promises';
import { ArmFailure } from './arm-failure.ts';

/** Waits that many milliseconds. */
export type Wait = (milliseconds: number) => Promise<unknown>;

const tries = 30;
const between = 10_000;

/** Tries again for five minutes while Azure says that something made a moment ago is not known yet. */
export async function patiently<T>(work: () => Promise<T>, wait: Wait = delay): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ArmFailure && error.isTooEarly) || left === 0) throw error;
      await wait(between);
    }
  }
}
