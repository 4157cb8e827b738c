import { parseSchedule, ScheduleError } from './schedule.ts';

/** Sweeps every hour, at the full hour, unless `SWEEP_SCHEDULE` says otherwise. */
export const defaultSweepSchedule = '0 0 * * * *';

/**
 * The sweep's schedule alone, for registering the timer: one that can't be used is told and replaced by the default,
 * because the host would take the function and never run it.
 */
export function readSweepSchedule(env: NodeJS.ProcessEnv = process.env): {
  schedule: string;
  fault?: string;
} {
  const schedule = env.SWEEP_SCHEDULE?.trim() || defaultSweepSchedule;
  try {
    parseSchedule(schedule);
    return { schedule };
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return { schedule: defaultSweepSchedule, fault: error.message };
  }
}
