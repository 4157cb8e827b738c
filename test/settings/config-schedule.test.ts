import { describe, expect, it } from 'vitest';
import { readSweepSchedule, toInterval } from '../../src/settings/config.ts';

const minute = 60_000;

describe('the schedule of sweeps', () => {
  it('is known without the other settings, for registering the timer', () => {
    expect(readSweepSchedule({})).toBe('0 0 * * * *');
    expect(readSweepSchedule({ SWEEP_SCHEDULE: ' 0 30 4 * * * ' })).toBe('0 30 4 * * *');
  });

  it.each([
    ['0 0 * * * *', 60],
    ['0 */5 * * * *', 5],
    ['0 30 4 * * *', 24 * 60],
    ['0 0 6,18 * * *', 12 * 60],
    ['0 0 6,8 * * *', 22 * 60],
    ['0 */10 8-18 * * 1-5', (2 * 24 + 13) * 60 + 10],
    ['0 */30 7-16 * * 1-5', (2 * 24 + 14) * 60 + 30],
    ['0 0 9 * * 1', 7 * 24 * 60],
  ])('%s has at most %i minutes between two runs', (schedule, minutes) => {
    expect(toInterval(schedule)).toBe(minutes * minute);
  });
});
