import { isComparison, toComparison, toCondition, toMembership, toNegation } from './kusto-comparisons.ts';
import type { KustoColumns, KustoExpression } from './kusto-expression.ts';
import { toCall } from './kusto-functions.ts';
import { faultAt, type QueryPlace } from './query-fault.ts';
import type { TokenReader } from './token-reader.ts';

/** What an expression is parsed from, and the columns that it may name. */
export interface ExpressionContext {
  reader: TokenReader;
  columns: KustoColumns;
}

/** Parses an expression, as far as it goes. */
export function parseExpression(context: ExpressionContext): KustoExpression {
  return parseJunction(context, 'or', () => parseJunction(context, 'and', () => parseCondition(context)));
}

/** Of conditions that may be true, false or null, one decides where it is `decisive`; otherwise null prevails. */
function parseJunction(
  { reader }: ExpressionContext,
  word: 'and' | 'or',
  parseOperand: () => KustoExpression,
): KustoExpression {
  const first = parseOperand();
  if (reader.peek().text !== word) return first;
  const operands = [first];
  while (reader.accept(word)) operands.push(parseOperand());
  for (const { type, place } of operands) {
    if (type !== 'bool') throw faultAt(place, 'InvalidArgument', `Operator '${word}' needs conditions.`);
  }
  const decisive = word === 'or';
  return toCondition(first.place, (row) => {
    let isUnknown = false;
    for (const operand of operands) {
      const value = operand.evaluate(row);
      if (value === decisive) return decisive;
      isUnknown ||= value === null;
    }
    return isUnknown ? null : !decisive;
  });
}

function parseCondition(context: ExpressionContext): KustoExpression {
  const { reader } = context;
  const left = parsePrimary(context);
  if (reader.peek().text === '!' && reader.isFollowedBy('in')) {
    reader.next();
    return toNegation(parseMembership(context, left));
  }
  if (reader.peek().text === '!') {
    reader.next();
    return toNegation(parseComparison(context, left, reader.expectKind('name').text));
  }
  if (reader.peek().text === 'in') return parseMembership(context, left);
  const { kind, text } = reader.peek();
  if ((kind !== 'name' && kind !== 'symbol') || !isComparison(text)) return left;
  reader.next();
  return parseComparison(context, left, text);
}

function parseComparison(
  context: ExpressionContext,
  left: KustoExpression,
  operator: string,
): KustoExpression {
  return toComparison(operator, left, parsePrimary(context));
}

function parseMembership(context: ExpressionContext, left: KustoExpression): KustoExpression {
  const { reader } = context;
  reader.expect('in');
  const hasCase = !reader.accept('~');
  reader.expect('(');
  return toMembership(left, parseList(context), hasCase);
}

/** Expressions up to the closing parenthesis. */
function parseList(context: ExpressionContext): KustoExpression[] {
  const { reader } = context;
  if (reader.accept(')')) return [];
  const list = [parseExpression(context)];
  while (reader.accept(',')) list.push(parseExpression(context));
  reader.expect(')');
  return list;
}

function parsePrimary(context: ExpressionContext): KustoExpression {
  const { reader } = context;
  const { kind, text, value, line, column } = reader.peek();
  const place = { line, column };
  if (kind === 'string' || kind === 'number') {
    reader.next();
    return toLiteral(value ?? text, place);
  }
  if (reader.accept('(')) {
    const inner = parseExpression(context);
    reader.expect(')');
    return inner;
  }
  const name = reader.expectKind('name').text;
  if (name === 'true' || name === 'false') return toLiteral(name === 'true', place);
  if (reader.accept('(')) return toCall(name, parseList(context), place);
  return parsePath(context, name, place);
}

function toLiteral(literal: string | number | boolean, place: QueryPlace): KustoExpression {
  const types = { string: 'string', number: 'long', boolean: 'bool' } as const;
  return {
    type: types[typeof literal as keyof typeof types],
    place,
    literal,
    evaluate: () => literal,
  };
}

function parsePath({ reader, columns }: ExpressionContext, column: string, place: QueryPlace) {
  const type = columns.get(column);
  if (!type) {
    throw faultAt(place, 'UnknownColumn', `Failed to resolve column or scalar expression named '${column}'.`);
  }
  const keys = parseKeys(reader);
  if (keys.length === 0) return { type, place, name: column, column, evaluate: toColumnReader(column) };
  if (type !== 'dynamic') {
    throw faultAt(place, 'InvalidArgument', `Column '${column}' is a ${type} and has nothing below it.`);
  }
  const evaluate: KustoExpression['evaluate'] = (row) => keys.reduce(toMember, row(column));
  return { type, place, name: [column, ...keys].join('_'), evaluate };
}

function toColumnReader(column: string): KustoExpression['evaluate'] {
  return (row) => row(column);
}

function parseKeys(reader: TokenReader): (string | number)[] {
  const keys: (string | number)[] = [];
  while (true) {
    if (reader.accept('.')) keys.push(reader.expectKind('name').text);
    else if (reader.accept('[')) {
      const { value = '' } = reader.expectKind(reader.peek().kind === 'number' ? 'number' : 'string');
      reader.expect(']');
      keys.push(value);
    } else return keys;
  }
}

/** Names have case here: a property in other letters is another one, which is not there. */
function toMember(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return null;
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : null;
}
