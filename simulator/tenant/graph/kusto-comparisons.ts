import type { KustoExpression } from './kusto-expression.ts';
import { hasTerm, isEqual, isNothing, toFolded, toKustoString } from './kusto-value.ts';
import { faultAt, type QueryPlace } from './query-fault.ts';

type Comparison = (left: unknown, right: unknown) => boolean | null;

/** Nothing equals no value and differs from every value; two of nothing are neither. Source: https://learn.microsoft.com/kusto/query/scalar-data-types/null-values */
const equals: Comparison = (left, right) =>
  isNothing(left) && isNothing(right) ? null : isEqual(left, right);

/** Comparisons of anything with anything of its type. */
const general = new Map<string, Comparison>([
  ['==', equals],
  ['!=', (left, right) => negate(equals(left, right))],
]);

/** Comparisons of texts, all of them without case. */
const textual = new Map<string, Comparison>([
  ['=~', (left, right) => toFolded(left) === toFolded(right)],
  ['!~', (left, right) => toFolded(left) !== toFolded(right)],
  ['has', (left, right) => hasTerm(toFolded(left), toFolded(right))],
  ['contains', (left, right) => toFolded(left).includes(toFolded(right))],
  ['startswith', (left, right) => toFolded(left).startsWith(toFolded(right))],
]);

/** Whether a word of a query is a comparison, apart from `in`. */
export function isComparison(word: string): boolean {
  return general.has(word) || textual.has(word);
}

/** Compares two expressions. */
export function toComparison(
  operator: string,
  left: KustoExpression,
  right: KustoExpression,
): KustoExpression {
  checkTypes(operator, left, right);
  const compare = general.get(operator) ?? textual.get(operator);
  if (!compare) throw faultAt(left.place, 'InvalidOperator', `Unknown comparison '${operator}'.`);
  return toCondition(left.place, (row) => compare(left.evaluate(row), right.evaluate(row)));
}

/** Whether an expression has one of several values. */
export function toMembership(
  left: KustoExpression,
  values: KustoExpression[],
  hasCase: boolean,
): KustoExpression {
  for (const value of values) checkTypes(hasCase ? '==' : '=~', left, value);
  const fold = hasCase ? toKustoString : toFolded;
  const literals = values.map((value) => value.literal);
  // A tenant's thousand ids are looked up, not compared one by one.
  if (!literals.includes(undefined)) {
    const wanted = new Set(literals.map(fold));
    return toCondition(left.place, (row) => isMember(left.evaluate(row), (value) => wanted.has(fold(value))));
  }
  return toCondition(left.place, (row) =>
    isMember(left.evaluate(row), (value) => values.some((one) => fold(one.evaluate(row)) === fold(value))),
  );
}

/** The opposite of a condition. */
export function toNegation(condition: KustoExpression): KustoExpression {
  return toCondition(condition.place, (row) => negate(condition.evaluate(row) as boolean | null));
}

/** A condition at a place. */
export function toCondition(place: QueryPlace, evaluate: KustoExpression['evaluate']): KustoExpression {
  return { type: 'bool', place, evaluate };
}

function isMember(value: unknown, has: (value: unknown) => boolean): boolean {
  return !isNothing(value) && has(value);
}

function negate(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function checkTypes(operator: string, left: KustoExpression, right: KustoExpression): void {
  const types = [left.type, right.type];
  const isTextual = textual.has(operator);
  const isFitting = isTextual
    ? types.every((type) => type === 'string' || type === 'dynamic')
    : types.includes('dynamic') || left.type === right.type;
  if (isFitting) return;
  throw faultAt(
    right.place,
    'InvalidArgument',
    `Operator '${operator}' can't be applied to a ${left.type} and a ${right.type}.`,
  );
}
