import type { Clock } from '../../../simulator/host/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Goes on by that many milliseconds, and runs on its way what falls due. */
  advance(milliseconds: number): Promise<void>;
  /** The delays of what is waiting, in milliseconds from now, shortest first. */
  waiting(): number[];
}

/** Creates a clock that shows the start of 2026. */
export function createManualClock(): ManualClock {
  let now = Date.parse('2026-01-01T00:00:00Z');
  let tasks: { at: number; run: () => void }[] = [];

  return {
    now: () => new Date(now),
    schedule(milliseconds, run) {
      const task = { at: now + milliseconds, run };
      tasks.push(task);
      return () => {
        tasks = tasks.filter((other) => other !== task);
      };
    },
    async advance(milliseconds) {
      const until = now + milliseconds;
      await settle();
      for (let task = nextTask(until); task; task = nextTask(until)) {
        now = task.at;
        tasks = tasks.filter((other) => other !== task);
        task.run();
        await settle();
      }
      now = until;
    },
    waiting: () => tasks.map(({ at }) => at - now).sort((left, right) => left - right),
  };

  function nextTask(until: number) {
    return tasks.filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
  }
}

/** Lets everything run that needs no further time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
