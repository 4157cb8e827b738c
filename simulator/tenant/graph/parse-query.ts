import type { KustoColumns, KustoExpression } from './kusto-expression.ts';
import type { KustoType } from './kusto-value.ts';
import { type ExpressionContext, parseExpression } from './parse-expression.ts';
import { faultAt, notSupported, QueryFault, type QueryPlace } from './query-fault.ts';
import type { NamedExpression, QueryStage } from './query-stage.ts';
import { createTokenReader, type TokenReader } from './token-reader.ts';

/** A query that is ready to run. */
export interface GraphQuery {
  /** Name of the table in lower case */
  table: string;
  stages: QueryStage[];
  /** The columns of the result in their order */
  columns: KustoColumns;
}

type Operator = (context: ExpressionContext) => { stage: QueryStage; columns?: KustoColumns };

const operators = new Map<string, Operator>([
  ['where', parseWhere],
  ['extend', parseExtend],
  ['project', parseProject],
  ['order', parseOrder],
  ['sort', parseOrder],
  ['take', parseTake],
  ['limit', parseTake],
  ['count', () => toCount([], 'Count')],
  ['summarize', parseSummarize],
]);

/** Parses a query on one of the tables, whose columns are given; without a table's name it is on `resources`. */
export function parseQuery(text: string, tables: ReadonlyMap<string, KustoColumns>): GraphQuery {
  const reader = createTokenReader(text);
  const isTableOmitted = operators.has(reader.peek().text);
  const table = isTableOmitted ? 'resources' : reader.expectKind('name').text.toLowerCase();
  const declared = tables.get(table);
  if (!declared) {
    const message = `Table ${table} is invalid, unsupported or disallowed.`;
    throw new QueryFault({ code: 'DisallowedLogicalTableName', message });
  }
  let columns = declared;
  const stages: QueryStage[] = [];
  let isNext = isTableOmitted || reader.accept('|');
  while (isNext) {
    const parsed = parseStage({ reader, columns });
    stages.push(parsed.stage);
    columns = parsed.columns ?? columns;
    isNext = reader.accept('|');
  }
  reader.accept(';');
  reader.expectKind('end');
  return { table, stages, columns };
}

function parseStage(context: ExpressionContext) {
  const { reader } = context;
  const word = reader.expectKind('name');
  const parse = operators.get(word.text);
  if (!parse) throw notSupported(word, `the operator '${word.text}'`);
  return parse(context);
}

function parseWhere(context: ExpressionContext): { stage: QueryStage } {
  const condition = parseExpression(context);
  if (condition.type !== 'bool') {
    throw faultAt(condition.place, 'InvalidArgument', `'where' needs a condition, not a ${condition.type}.`);
  }
  return { stage: { kind: 'where', condition } };
}

function parseExtend(context: ExpressionContext) {
  const expressions = parseNamed(context);
  const columns = new Map([...context.columns, ...toColumns(expressions)]);
  return { stage: { kind: 'extend' as const, expressions }, columns };
}

function parseProject(context: ExpressionContext) {
  const expressions = parseNamed(context);
  return { stage: { kind: 'project' as const, expressions }, columns: toColumns(expressions) };
}

function parseOrder(context: ExpressionContext): { stage: QueryStage } {
  const { reader } = context;
  reader.expect('by');
  const keys = parseCommas(reader, () => {
    const expression = parseExpression(context);
    refuseDynamic(expression, 'order by');
    const isAscending = reader.accept('asc');
    if (!isAscending) reader.accept('desc');
    if (reader.peek().text === 'nulls') throw notSupported(reader.peek(), "'nulls first' and 'nulls last'");
    return { expression, isDescending: !isAscending };
  });
  return { stage: { kind: 'order', keys } };
}

function parseTake({ reader }: ExpressionContext): { stage: QueryStage } {
  return { stage: { kind: 'take', count: Number(reader.expectKind('number').value) } };
}

function parseSummarize(context: ExpressionContext) {
  const { reader } = context;
  const isNamed = reader.isFollowedBy('=');
  const name = isNamed ? reader.expectKind('name').text : 'count_';
  if (isNamed) reader.expect('=');
  const aggregate = reader.expectKind('name');
  if (aggregate.text !== 'count') throw notSupported(aggregate, `the aggregation '${aggregate.text}'`);
  reader.expect('(');
  reader.expect(')');
  if (reader.peek().text === ',') throw notSupported(reader.peek(), 'several aggregations');
  const keys = reader.accept('by') ? parseNamed(context) : [];
  for (const { expression } of keys) refuseDynamic(expression, 'summarize by');
  return toCount(keys, name);
}

function toCount(keys: NamedExpression[], countName: string) {
  const columns = new Map<string, KustoType>([...toColumns(keys), [countName, 'long']]);
  return { stage: { kind: 'count' as const, keys, countName }, columns };
}

function parseNamed(context: ExpressionContext): NamedExpression[] {
  const { reader } = context;
  const expressions = parseCommas(reader, () => {
    const { line, column } = reader.peek();
    const alias = reader.isFollowedBy('=') ? reader.expectKind('name').text : undefined;
    if (alias !== undefined) reader.expect('=');
    const expression = parseExpression(context);
    const name = alias ?? expression.name;
    if (name === undefined) throw notSupported({ line, column }, 'an expression without a name of its own');
    return { name, expression, place: { line, column } };
  });
  refuseDuplicates(expressions);
  return expressions;
}

function parseCommas<T>(reader: TokenReader, parse: () => T): T[] {
  const list = [parse()];
  while (reader.accept(',')) list.push(parse());
  return list;
}

function toColumns(expressions: NamedExpression[]): Map<string, KustoType> {
  return new Map(expressions.map(({ name, expression }) => [name, expression.type]));
}

function refuseDuplicates(expressions: (NamedExpression & { place: QueryPlace })[]): void {
  const names = new Set<string>();
  for (const { name, place } of expressions) {
    if (names.has(name)) throw faultAt(place, 'DuplicateColumn', `There is more than one column '${name}'.`);
    names.add(name);
  }
}

/** Source: https://learn.microsoft.com/kusto/query/sort-operator */
function refuseDynamic({ type, place }: KustoExpression, operator: string): void {
  if (type !== 'dynamic') return;
  const message = `'${operator}' can't be applied to a dynamic value: convert it by tostring().`;
  throw faultAt(place, 'InvalidArgument', message);
}
