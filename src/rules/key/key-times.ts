/** A time of a key in milliseconds since 1970, UTC: undefined where Azure told none, `unrecognised` where it is no number. */
export function toMilliseconds(seconds: unknown): number | undefined | 'unrecognised' {
  if (seconds === undefined) return undefined;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1000 : 'unrecognised';
}

/** A time of a key in ISO 8601, UTC, as evidence shows it; as Azure wrote it where it is none. */
export function toIsoTime(seconds: unknown): unknown {
  const time = toMilliseconds(seconds);
  const date = new Date(typeof time === 'number' ? time : Number.NaN);
  return Number.isNaN(date.getTime()) ? seconds : date.toISOString();
}

/** Milliseconds of a day. */
export const day = 86_400_000;

/** Milliseconds of an hour. */
export const hour = 3_600_000;

const duration = /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T.*)?$/i;

/** A time in milliseconds with an ISO 8601 duration of whole days added, or taken off with `sign` -1; undefined where it is none. */
export function addDuration(time: number, text: string | undefined, sign: 1 | -1): number | undefined {
  const parts = duration
    .exec(text?.trim() ?? '')
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts?.some((part) => part > 0)) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0] = parts;
  const date = new Date(time);
  date.setUTCMonth(date.getUTCMonth() + sign * (12 * years + months));
  date.setUTCDate(date.getUTCDate() + sign * (7 * weeks + days));
  return Number.isNaN(date.getTime()) ? undefined : date.getTime();
}
