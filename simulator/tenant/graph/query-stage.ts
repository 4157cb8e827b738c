import type { KustoExpression } from './kusto-expression.ts';
import type { KustoRow } from './kusto-value.ts';

/** An expression with the name of its column. */
export interface NamedExpression {
  name: string;
  expression: KustoExpression;
}

/** What the rows are sorted by. */
export interface SortKey {
  expression: KustoExpression;
  isDescending: boolean;
}

/** A step that takes one row after the other. */
export type RowStage =
  | { kind: 'where'; condition: KustoExpression }
  | { kind: 'extend' | 'project'; expressions: NamedExpression[] };

/** One step of a query. */
export type QueryStage =
  | RowStage
  | { kind: 'order'; keys: SortKey[] }
  | { kind: 'take'; count: number }
  | { kind: 'count'; keys: NamedExpression[]; countName: string };

/** Takes a row through steps; undefined where one of them drops it. */
export function applyRowStages(stages: RowStage[], source: KustoRow): KustoRow | undefined {
  let row = source;
  for (const stage of stages) {
    if (stage.kind === 'where') {
      if (stage.condition.evaluate(row) !== true) return undefined;
    } else {
      row = toDerivedRow(stage.expressions, row);
    }
  }
  return row;
}

/** The parser lets a query name no column that is gone, so that a projected row may as well hold them all. */
function toDerivedRow(expressions: NamedExpression[], source: KustoRow): KustoRow {
  const own = new Map(expressions.map(({ name, expression }) => [name, expression]));
  return (column) => {
    const expression = own.get(column);
    return expression ? expression.evaluate(source) : source(column);
  };
}
