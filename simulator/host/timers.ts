import { parseSchedule, type Schedule } from '../../src/settings/schedule.ts';
import { type Clock, LONGEST_DELAY_MS } from './clock.ts';
import { type HostLog, logSystem, messageOf } from './host-log.ts';
import type { Invoker } from './invocation.ts';
import type { LoadedFunction, TimerFunction } from './registered-function.ts';

/** The timers of an app. */
export interface Timers {
  /** Starts the schedules; timers with `runOnStartup` run first. */
  start(): void;
  /**
   * Runs a timer, after the run that is under way if there is one.
   * @throws Error when there is no such timer, or what the function threw.
   */
  run(name: string): Promise<void>;
  /** Ends the schedules; a run that is under way goes on. */
  stop(): void;
}

/** What timers need. */
export interface TimerOptions {
  functions: LoadedFunction<TimerFunction>[];
  invoker: Invoker;
  clock: Clock;
  log: HostLog;
}

/**
 * Creates the timers of an app, on NCRONTAB schedules in UTC; no two runs of one timer overlap.
 * @throws Error that names the function whose schedule is wrong.
 */
export function createTimers({ functions, ...options }: TimerOptions): Timers {
  const timers = functions.map((loaded) => createTimer(loaded, options));

  return {
    start: () => {
      for (const timer of timers) {
        timer.start();
      }
    },
    run(name) {
      const timer = timers.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
      return timer ? timer.run() : Promise.reject(new Error(`There is no timer function '${name}'.`));
    },
    stop: () => {
      for (const timer of timers) {
        timer.stop();
      }
    },
  };
}

function createTimer(
  loaded: LoadedFunction<TimerFunction>,
  { invoker, clock, log }: Omit<TimerOptions, 'functions'>,
) {
  const { name, runOnStartup } = loaded.info;
  const schedule = toSchedule(loaded.info);
  let last: Date | undefined;
  let latestRun: Promise<void> = Promise.resolve();
  let cancel = () => {};
  let stopped = false;

  return {
    name,
    run,
    start: () => (runOnStartup ? runThenArm() : arm()),
    stop() {
      stopped = true;
      cancel();
    },
  };

  function run(): Promise<void> {
    const next = latestRun.then(invoke);
    latestRun = next.catch(() => {});
    return next;
  }

  async function invoke(): Promise<void> {
    if (stopped) {
      throw new Error(`'${name}' was not run: the functions host has stopped.`);
    }
    const started = clock.now();
    const json = JSON.stringify(toTimerInfo(schedule, last, started));
    last = started;
    await invoker.invoke({ loaded, data: { json } });
  }

  function arm(): void {
    const due = schedule.next(clock.now());
    if (!due) {
      logSystem(log, 'warning', name, `The schedule of '${name}' has no further occurrence.`);
      return;
    }
    wait(due);
  }

  // A schedule may lie further ahead than one timeout reaches, and a timeout may fire a little early.
  function wait(due: Date): void {
    const remaining = due.getTime() - clock.now().getTime();
    if (stopped) {
      return;
    }
    if (remaining <= 0) {
      runThenArm();
      return;
    }
    cancel = clock.schedule(Math.min(remaining, LONGEST_DELAY_MS), () => wait(due));
  }

  function runThenArm(): void {
    // The invoker has logged a failure; the schedule goes on.
    void run().then(arm, arm);
  }
}

/** As the real host: five fields are taken too, and begin at the full minute. */
function toSchedule({ name, schedule }: TimerFunction): Schedule {
  try {
    const hasSeconds = schedule.split(' ').filter(Boolean).length !== 5;
    return parseSchedule(hasSeconds ? schedule : `0 ${schedule}`);
  } catch (error) {
    const message = `The schedule '${schedule}' of function '${name}' is no NCRONTAB expression: it ${messageOf(error)}`;
    throw new Error(message, { cause: error });
  }
}

function toTimerInfo(schedule: Schedule, last: Date | undefined, now: Date) {
  const unknown = '0001-01-01T00:00:00+00:00';
  return {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: {
      Last: last?.toISOString() ?? unknown,
      Next: schedule.next(now)?.toISOString() ?? unknown,
      LastUpdated: last?.toISOString() ?? unknown,
    },
    IsPastDue: false,
  };
}
