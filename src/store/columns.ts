import type { StoredRow } from './table.ts';

const maxFreeText = 2_000;

/** A text that a row must have; one without it is a broken invariant and throws. */
export function readText<T extends string = string>(row: StoredRow, property: string): T {
  const value = row[property];
  if (typeof value !== 'string') throw toBrokenRow(row, property);
  return value as T;
}

/** A text that a row may have. */
export function readOptionalText(row: StoredRow, property: string): string | undefined {
  return row[property] == null ? undefined : readText(row, property);
}

/** A whole number that a row must have. */
export function readWhole(row: StoredRow, property: string): number {
  const value = row[property];
  if (!Number.isInteger(value)) throw toBrokenRow(row, property);
  return value as number;
}

/** A value that is kept as JSON. */
export function readJson<T>(row: StoredRow, property: string): T {
  try {
    return JSON.parse(readText(row, property)) as T;
  } catch (cause) {
    throw toBrokenRow(row, property, cause);
  }
}

/** Cuts a text that somebody else wrote, so that it fits beside the others. */
export function clipText(text: string): string {
  return text.length > maxFreeText ? `${text.slice(0, maxFreeText)}…` : text;
}

/** The error that a row breaks what every row of its kind holds. */
export function toBrokenRow(row: StoredRow, property: string, cause?: unknown): Error {
  return new Error(`Row ${row.partitionKey} "${row.rowKey}" has no usable "${property}"`, { cause });
}
