import type { QueryPlace } from './query-fault.ts';

/** One word of a query. */
export interface KustoToken extends QueryPlace {
  kind: 'name' | 'string' | 'number' | 'symbol' | 'end';
  /** As written */
  text: string;
  /** What a literal means */
  value?: string | number;
}

const word =
  /(?<space>\s+|\/\/[^\n]*)|(?<string>@'(?:[^']|'')*'|@"(?:[^"]|"")*"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?<number>\d+(?:\.\d+)?)(?!\w)|(?<name>[A-Za-z_]\w*)|(?<symbol>[=!<>]=|[=!]~|.)/gy;

/** Cuts a query into words; what is no word at all becomes a symbol, which no rule expects. */
export function toTokens(query: string): KustoToken[] {
  const tokens: KustoToken[] = [];
  let place: QueryPlace = { line: 1, column: 0 };
  for (const { 0: text, groups = {} } of query.matchAll(word)) {
    const kind = (['string', 'number', 'name', 'symbol'] as const).find((one) => groups[one] !== undefined);
    if (kind) tokens.push({ kind, text, ...toValue(kind, text), ...place });
    place = advance(place, text);
  }
  return [...tokens, { kind: 'end', text: '<EOF>', ...place }];
}

function advance({ line, column }: QueryPlace, text: string): QueryPlace {
  const breaks = text.split('\n').length - 1;
  if (breaks === 0) return { line, column: column + text.length };
  return { line: line + breaks, column: text.length - text.lastIndexOf('\n') - 1 };
}

function toValue(kind: KustoToken['kind'], text: string): { value?: string | number } {
  if (kind === 'number') return { value: Number(text) };
  return kind === 'string' ? { value: toText(text) } : {};
}

/** Source: https://learn.microsoft.com/kusto/query/scalar-data-types/string */
function toText(literal: string): string {
  if (literal.startsWith('@')) {
    const quote = literal.charAt(1);
    return literal.slice(2, -1).replaceAll(quote + quote, quote);
  }
  return literal
    .slice(1, -1)
    .replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex: string | undefined, mark: string) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (escapes[mark] ?? mark),
    );
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', 0: '\0' };
