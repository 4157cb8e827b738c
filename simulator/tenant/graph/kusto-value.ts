/** Types of columns and expressions. */
export type KustoType = 'string' | 'bool' | 'long' | 'dynamic';

/** One row: answers the value of a column. */
export type KustoRow = (column: string) => unknown;

/** A value as `tostring()` has it; nothing is the empty string. */
export function toKustoString(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A value as comparisons without case see it. */
export function toFolded(value: unknown): string {
  return toKustoString(value).toLowerCase();
}

/** Whether `==` holds; values of different types are compared as texts, and nothing is equal to no value. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (isNothing(left) || isNothing(right)) return false;
  return left === right || toKustoString(left) === toKustoString(right);
}

/** Whether a value is null or absent, which Kusto does not tell apart. */
export function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether a text has `term` in it, not as a part of a longer run of letters and digits; both in lower case. */
export function hasTerm(text: string, term: string): boolean {
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + term.length] ?? ' ';
    if (!isTermCharacter(before) && !isTermCharacter(after)) return true;
  }
  return false;
}

function isTermCharacter(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}

/** Compares what a sort is by: nothing comes first, texts by their code units. */
export function compareValues(left: unknown, right: unknown): number {
  if (isNothing(left) || isNothing(right)) return Number(isNothing(right)) - Number(isNothing(left));
  if (left === right) return 0;
  return (left as string) < (right as string) ? -1 : 1;
}
