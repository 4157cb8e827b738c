import type { KustoRow, KustoType } from './kusto-value.ts';
import type { QueryPlace } from './query-fault.ts';

/** The columns that a query has at some point, in their order. */
export type KustoColumns = ReadonlyMap<string, KustoType>;

/** An expression that is ready to be evaluated for rows. */
export interface KustoExpression {
  type: KustoType;
  /** Where it begins */
  place: QueryPlace;
  evaluate(row: KustoRow): unknown;
  /** The column's name that it gets where the query gives it none */
  name?: string;
  /** Set where it is just this column */
  column?: string;
  /** Set where it is a literal */
  literal?: string | number | boolean;
}
