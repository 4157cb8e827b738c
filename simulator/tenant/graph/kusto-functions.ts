import type { KustoExpression } from './kusto-expression.ts';
import { isNothing, type KustoType, toKustoString } from './kusto-value.ts';
import { faultAt, type QueryPlace } from './query-fault.ts';

interface KustoFunction {
  takes: KustoType[];
  type: KustoType;
  apply(value: unknown): unknown;
}

const text: KustoType[] = ['string', 'dynamic'];
const any: KustoType[] = ['string', 'bool', 'long', 'dynamic'];

const functions = new Map<string, KustoFunction>([
  ['not', { takes: ['bool'], type: 'bool', apply: (value) => (isNothing(value) ? null : !value) }],
  ['isempty', { takes: any, type: 'bool', apply: (value) => toKustoString(value) === '' }],
  ['isnotempty', { takes: any, type: 'bool', apply: (value) => toKustoString(value) !== '' }],
  ['isnull', { takes: any, type: 'bool', apply: isNothing }],
  ['isnotnull', { takes: any, type: 'bool', apply: (value) => !isNothing(value) }],
  ['tolower', { takes: text, type: 'string', apply: (value) => toKustoString(value).toLowerCase() }],
  ['tostring', { takes: any, type: 'string', apply: toKustoString }],
]);

/** Applies the function of that name. */
export function toCall(name: string, parameters: KustoExpression[], place: QueryPlace): KustoExpression {
  const found = functions.get(name);
  if (!found) throw faultAt(place, 'UnknownFunction', `Unknown function: '${name}'.`);
  const [parameter] = parameters;
  if (!parameter || parameters.length > 1) {
    throw faultAt(
      place,
      'InvalidArgument',
      `Function '${name}' takes one argument, not ${parameters.length}.`,
    );
  }
  if (!found.takes.includes(parameter.type)) {
    throw faultAt(place, 'InvalidArgument', `Function '${name}' can't be called with a ${parameter.type}.`);
  }
  return { type: found.type, place, evaluate: (row) => found.apply(parameter.evaluate(row)) };
}
