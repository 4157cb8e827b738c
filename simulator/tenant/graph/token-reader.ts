import { type KustoToken, toTokens } from './kusto-token.ts';
import { QueryFault } from './query-fault.ts';

/** Reads a query word by word. */
export interface TokenReader {
  peek(): KustoToken;
  /** Takes the next word, whatever it is. */
  next(): KustoToken;
  /** Takes the next word if it is this name or symbol. */
  accept(text: string): boolean;
  /** Takes this name or symbol, or fails. */
  expect(text: string): KustoToken;
  /** Takes a word of that kind, or fails. */
  expectKind(kind: KustoToken['kind']): KustoToken;
  /** Whether the word after the next one is this name or symbol. */
  isFollowedBy(text: string): boolean;
}

/** Creates a reader at the beginning of a query. */
export function createTokenReader(query: string): TokenReader {
  const tokens = toTokens(query);
  const end = tokens.at(-1) as KustoToken;
  let position = 0;
  const at = (index: number) => tokens[index] ?? end;
  const isWord = ({ kind, text }: KustoToken, wanted: string) =>
    text === wanted && (kind === 'name' || kind === 'symbol');

  function next(): KustoToken {
    position += 1;
    return at(position - 1);
  }

  function fail(expected: string): never {
    const { text, line, column } = at(position);
    throw new QueryFault({
      code: 'ParserFailure',
      message: 'ParserFailure',
      line,
      characterPositionInLine: column,
      token: text,
      expectedToken: expected,
    });
  }

  return {
    peek: () => at(position),
    next,
    accept(text) {
      const isNext = isWord(at(position), text);
      if (isNext) position += 1;
      return isNext;
    },
    expect: (text) => (isWord(at(position), text) ? next() : fail(text)),
    expectKind: (kind) => (at(position).kind === kind ? next() : fail(kind)),
    isFollowedBy: (text) => isWord(at(position + 1), text),
  };
}
