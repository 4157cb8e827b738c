import { expect, it } from 'vitest';
import { readSweepSchedule } from '../../src/settings/sweep-schedule.ts';

it('is known without the other settings, for registering the timer', () => {
  expect(readSweepSchedule({})).toEqual({ schedule: '0 0 * * * *' });
  expect(readSweepSchedule({ SWEEP_SCHEDULE: ' 0 30 4 * * * ' })).toEqual({ schedule: '0 30 4 * * *' });
});

it('is the default where the host would refuse it, and says why', () => {
  for (const schedule of ['*/5 * * * *', '0 0 9 * * 7', '0 0 9 L * *', '01:00:00']) {
    expect(readSweepSchedule({ SWEEP_SCHEDULE: schedule })).toEqual({
      schedule: '0 0 * * * *',
      fault: expect.any(String),
    });
  }
});
