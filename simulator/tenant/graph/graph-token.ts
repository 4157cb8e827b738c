import { QueryFault } from './query-fault.ts';

/** Where a page begins. */
export interface GraphPosition {
  /** Rows before it */
  skip: number;
  /** Pages before it, empty ones included */
  page: number;
  /** Whether it is empty, though rows follow */
  isEmpty: boolean;
}

/** Writes a token that is good for one query only. */
export function toSkipToken({ skip, page, isEmpty }: GraphPosition, queryHash: string): string {
  const token = { $id: '1', RowsToSkip: skip, Page: page, IsEmpty: isEmpty, Query: queryHash };
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

/** Reads a token, or fails where it was given out for another query, or by nobody. */
export function fromSkipToken(token: string, queryHash: string): GraphPosition {
  const { RowsToSkip: skip, Page: page, IsEmpty: isEmpty, Query } = parseToken(token);
  if (Query !== queryHash || typeof skip !== 'number' || typeof page !== 'number') {
    const message = 'The $skipToken is invalid, or was given out for another query or scope.';
    throw new QueryFault({ code: 'InvalidSkipToken', message });
  }
  return { skip, page, isEmpty: isEmpty === true };
}

function parseToken(token: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(token, 'base64').toString()));
  } catch {
    return {};
  }
}
