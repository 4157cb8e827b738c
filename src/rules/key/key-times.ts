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
