import type { GraphBehaviour } from './graph-behaviour.ts';
import type { GraphRequest } from './graph-request.ts';
import { type GraphPosition, toSkipToken } from './graph-token.ts';
import type { KustoColumns } from './kusto-expression.ts';
import type { GraphQuery } from './parse-query.ts';
import type { QueryResult } from './run-query.ts';

/** The body of an answer. */
export interface GraphPage {
  totalRecords: number;
  count: number;
  resultTruncated: 'true' | 'false';
  $skipToken?: string;
  data: unknown;
  facets: [];
}

/** What a page is cut from. */
export interface PageOptions {
  query: GraphQuery;
  queryHash: string;
  result: QueryResult;
  position: GraphPosition;
  options: NonNullable<GraphRequest['options']>;
  behaviour: GraphBehaviour;
}

/** Cuts one page out of a result. */
export function toGraphPage(page: PageOptions): GraphPage {
  const { query, queryHash, result, position, options, behaviour } = page;
  const rows = position.isEmpty ? [] : result.read(position.skip, options.$top ?? 100);
  const isFollowed = position.skip + rows.length < result.total;
  const hasToken =
    isFollowed && isPageable(query) && !behaviour.truncatedWithoutToken && !behaviour.loseToken;
  const isTruncated = isFollowed && !hasToken && !behaviour.loseToken;
  return {
    totalRecords: result.total + position.page * (behaviour.shiftTotalRecords ?? 0),
    count: rows.length,
    resultTruncated: isTruncated ? 'true' : 'false',
    ...(hasToken ? { $skipToken: toSkipToken(toNext(position, rows.length, behaviour), queryHash) } : {}),
    data: options.resultFormat === 'table' ? toTable(query.columns, rows) : toObjects(query.columns, rows),
    facets: [],
  };
}

/** Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/paging-results */
function isPageable({ columns, stages }: GraphQuery): boolean {
  const isCut = stages.some(({ kind }) => kind === 'take' || kind === 'count');
  return columns.get('id') === 'string' && !isCut;
}

function toNext(position: GraphPosition, count: number, behaviour: GraphBehaviour): GraphPosition {
  const repeated = behaviour.duplicateRows && count > 1 ? 1 : 0;
  return {
    skip: position.skip + count - repeated,
    page: position.page + 1,
    isEmpty: behaviour.emptyPages === true && !position.isEmpty,
  };
}

function toObjects(columns: KustoColumns, rows: unknown[][]): Record<string, unknown>[] {
  const names = [...columns.keys()];
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

const tableTypes = { string: 'string', bool: 'boolean', long: 'integer', dynamic: 'object' };

function toTable(columns: KustoColumns, rows: unknown[][]) {
  return { columns: [...columns].map(([name, type]) => ({ name, type: tableTypes[type] })), rows };
}
