/** When something runs, again and again, in UTC. */
export interface Schedule {
  /** The first time after the given one; undefined where there is none. */
  next(after: Date): Date | undefined;
  /** Longest time between two runs, in milliseconds. */
  longestGap: number;
}

/** A schedule that the Functions host would refuse, or that never comes. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

interface Field {
  name: string;
  from: number;
  to: number;
  names?: readonly string[];
}

const months = 'January February March April May June July August September October November December';
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday';

const fields: readonly Field[] = [
  { name: 'second', from: 0, to: 59 },
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: months.split(' ') },
  { name: 'day of the week', from: 0, to: 6, names: days.split(' ') },
];

const dayTime = 86_400_000;

/** After this many days the calendar has shown each day of the week on each date, 29 February too, also over a turn of the century. */
const calendarDays = 366 * 41;

/**
 * Reads an NCRONTAB expression of six fields as the Functions host reads it (NCrontab's own grammar): numbers in their
 * ranges, `*`, lists, ranges, steps, and names of months and days by how they begin; both days must match. Nothing else.
 * Throws {@link ScheduleError} that says what is wrong.
 */
export function parseSchedule(text: string): Schedule {
  const parts = text.split(' ').filter(Boolean);
  if (parts.length !== fields.length) {
    throw new ScheduleError(
      `has ${parts.length} fields where six are needed (second, minute, hour, day, month, day of the week)`,
    );
  }
  const [seconds = [], minutes = [], hours = [], dates = [], months = [], weekdays = []] = fields.map(
    (field, index) => parseField(parts[index] ?? '', field),
  );
  const times = { seconds, minutes, hours };
  const isRunDay = (day: number) => {
    const date = new Date(day * dayTime);
    return (
      weekdays.includes(date.getUTCDay()) &&
      dates.includes(date.getUTCDate()) &&
      months.includes(date.getUTCMonth() + 1)
    );
  };
  const isWeekly = dates.length === 31 && months.length === 12;
  const daysBetween = longestWait(isRunDay, isWeekly ? 14 : 2 * calendarDays);
  if (daysBetween === undefined) throw new ScheduleError('never comes: there is no such day');
  return { next, longestGap: toLongestGap(times, daysBetween) };

  function next(after: Date): Date | undefined {
    const from = Math.floor(after.getTime() / 1000) + 1;
    const today = Math.floor((from * 1000) / dayTime);
    for (let day = today; day <= today + calendarDays; day += 1) {
      const earliest = day === today ? from - (day * dayTime) / 1000 : 0;
      const time = isRunDay(day) ? firstTime(times, earliest) : undefined;
      if (time !== undefined) return new Date(day * dayTime + time * 1000);
    }
    return undefined;
  }
}

function parseField(text: string, field: Field): number[] {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    if (more.length > 0 || (step !== undefined && !/^\d{1,9}$/.test(step))) throw wrong(field, part);
    const [first, last] = toRange(range, field, step !== undefined);
    const every = Math.max(1, Number(step ?? 1));
    for (let value = first; value <= last; value += every) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** The ends of a range, the lower one first; a single value with a step goes on to the greatest. */
function toRange(range: string, field: Field, hasStep: boolean): [number, number] {
  if (range === '*') return [field.from, field.to];
  const dash = range.indexOf('-');
  if (dash < 0) {
    const value = toValue(range, field);
    return [value, hasStep ? field.to : value];
  }
  const ends = [toValue(range.slice(0, dash), field), toValue(range.slice(dash + 1), field)];
  return [Math.min(...ends), Math.max(...ends)];
}

function toValue(text: string, field: Field): number {
  const named = /^[a-z]+$/i.test(text)
    ? (field.names ?? []).findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase()))
    : -1;
  const value = named >= 0 ? named + field.from : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.from && value <= field.to)) throw wrong(field, text);
  return value;
}

function wrong({ name, from, to }: Field, text: string): ScheduleError {
  return new ScheduleError(`has "${text.slice(0, 50)}" as ${name}, which is read from ${from} to ${to}`);
}

interface Times {
  seconds: readonly number[];
  minutes: readonly number[];
  hours: readonly number[];
}

/** First time of a day at or after the given one, in seconds. */
function firstTime({ seconds, minutes, hours }: Times, earliest: number): number | undefined {
  for (const hour of hours) {
    if ((hour + 1) * 3600 <= earliest) continue;
    for (const minute of minutes) {
      const second = seconds.find((one) => hour * 3600 + minute * 60 + one >= earliest);
      if (second !== undefined) return hour * 3600 + minute * 60 + second;
    }
  }
  return undefined;
}

/** Longest time between two runs, in milliseconds: within a minute, an hour, a day, or from one day to another. */
function toLongestGap({ seconds, minutes, hours }: Times, daysBetween: number): number {
  const overMinute = toEnds(seconds, 1, 0);
  const overHour = toEnds(minutes, 60, overMinute.span);
  const overDay = toEnds(hours, 3600, overHour.span);
  const overNight = daysBetween * 86_400 - overDay.span;
  return 1000 * Math.max(overMinute.gap, overHour.gap, overDay.gap, overNight);
}

/** From the first to the last of some times, and the longest gap between two of them, in seconds; `inner` is what one of them spans. */
function toEnds(values: readonly number[], unit: number, inner: number): { span: number; gap: number } {
  const gaps = values.slice(1).map((value, index) => (value - (values[index] ?? 0)) * unit - inner);
  const span = ((values.at(-1) ?? 0) - (values[0] ?? 0)) * unit + inner;
  return { span, gap: Math.max(0, ...gaps) };
}

/** Most days from one run day to the next; undefined where there is none. */
function longestWait(isRunDay: (day: number) => boolean, lookAhead: number): number | undefined {
  let last: number | undefined;
  let longest: number | undefined;
  for (let day = 0; day <= lookAhead; day += 1) {
    if (!isRunDay(day)) continue;
    if (last !== undefined) longest = Math.max(longest ?? 0, day - last);
    last = day;
  }
  return longest;
}
