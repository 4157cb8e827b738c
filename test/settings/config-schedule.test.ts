import { describe, expect, it } from 'vitest';
import { readSweepSchedule } from '../../src/settings/config.ts';

describe('the schedule of sweeps', () => {
  it('is known without the other settings, for registering the timer', () => {
    expect(readSweepSchedule({})).toBe('0 0 * * * *');
    expect(readSweepSchedule({ SWEEP_SCHEDULE: ' 0 30 4 * * * ' })).toBe('0 30 4 * * *');
  });
});
