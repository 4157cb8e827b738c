import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../src/settings/schedule.ts';

const minute = 60_000;

describe('a schedule', () => {
  it.each([
    ['0 0 * * * *', 60],
    ['0 */5 * * * *', 5],
    ['0 30 4 * * *', 24 * 60],
    ['0 0 6,18 * * *', 12 * 60],
    ['0 0 6,8 * * *', 22 * 60],
    ['0 */10 8-18 * * 1-5', (2 * 24 + 13) * 60 + 10],
    ['0 */30 7-16 * * 1-5', (2 * 24 + 14) * 60 + 30],
    ['0 0 9 * * 1', 7 * 24 * 60],
    ['0 */90 * * * *', 60],
    ['0 0 9 1 * *', 31 * 24 * 60],
  ])('%s has at most %i minutes between two runs', (schedule, minutes) => {
    expect(parseSchedule(schedule).longestGap).toBe(minutes * minute);
  });

  // What NCrontab 3.3, the parser of the Functions host, answers.
  it.each([
    ['0 0 9 * * *', '2026-08-04T09:00:00.000Z'],
    ['0 0 9 * * 1', '2026-08-10T09:00:00.000Z'],
    ['0 0 9 * * Mon', '2026-08-10T09:00:00.000Z'],
    ['0 0 9 * * monday', '2026-08-10T09:00:00.000Z'],
    ['0 0 9 * * SUN,SAT', '2026-08-08T09:00:00.000Z'],
    ['0 0 0 1 1 MON', '2029-01-01T00:00:00.000Z'],
    ['0 0 0 29 2 *', '2028-02-29T00:00:00.000Z'],
    ['5/15 * * * * *', '2026-08-03T09:30:05.000Z'],
    ['0 0 22-2 * * *', '2026-08-03T10:00:00.000Z'],
    ['0 */90 * * * *', '2026-08-03T10:00:00.000Z'],
    ['0 0 0 31 1-6/2 *', '2027-01-31T00:00:00.000Z'],
    ['*/0 * * * * *', '2026-08-03T09:30:01.000Z'],
    ['  0  0  9  *  *  * ', '2026-08-04T09:00:00.000Z'],
  ])('%s comes next at %s', (schedule, next) => {
    expect(parseSchedule(schedule).next(new Date('2026-08-03T09:30:00.000Z'))?.toISOString()).toBe(next);
  });

  it.each([
    ['0 0 9 * * 7', 'day of the week'],
    ['0 0 9 * * 0-7', 'day of the week'],
    ['0 0 9 ? * *', 'day of the month'],
    ['0 0 9 L * *', 'day of the month'],
    ['0 0 9 LW * *', 'day of the month'],
    ['0 0 9 15W * *', 'day of the month'],
    ['0 0 9 * * 5L', 'day of the week'],
    ['0 0 9 * * 1#2', 'day of the week'],
    ['0 60 * * * *', 'minute'],
    ['0 0 24 * * *', 'hour'],
    ['0 0 9 0 * *', 'day of the month'],
    ['0 1,, * * * *', 'minute'],
    ['0 ,1 * * * *', 'minute'],
    ['0 1-2-3 * * * *', 'minute'],
    ['0 1/x * * * *', 'minute'],
    ['0 0 9 30 2 *', 'never comes'],
    ['*/5 * * * *', 'five fields'],
    ['01:00:00', 'fields'],
    ['', 'fields'],
    ['@hourly', 'fields'],
  ])('%s is refused', (schedule, why) => {
    expect(() => parseSchedule(schedule)).toThrow(why.replace('five', '5'));
  });

  it('never has two runs further apart than its longest gap', () => {
    const some = (from: number, to: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: from, max: to }).map(String),
        fc
          .tuple(fc.integer({ min: from, max: to }), fc.integer({ min: 1, max: 9 }))
          .map(([a, b]) => `${a}/${b}`),
      );
    const schedules = fc.tuple(some(0, 59), some(0, 59), some(0, 23), some(1, 28), some(1, 12), some(0, 6));
    fc.assert(
      fc.property(
        schedules,
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (parts, start) => {
          const { next, longestGap } = parseSchedule(parts.join(' '));
          const first = next(start);
          const second = first && next(first);
          if (!first || !second) return;
          expect(second.getTime() - first.getTime()).toBeGreaterThan(0);
          expect(second.getTime() - first.getTime()).toBeLessThanOrEqual(longestGap);
        },
      ),
      { numRuns: 200 },
    );
  });
});
