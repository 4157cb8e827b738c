import { compareValues, type KustoRow } from './kusto-value.ts';
import type { GraphQuery } from './parse-query.ts';
import { applyRowStages, type NamedExpression, type RowStage, type SortKey } from './query-stage.ts';

/** Something that a row can be read from, as often as it is needed. */
export type RowSource = () => KustoRow;

/** What a query came to. Rows are built when they are asked for: a whole tenant's would not fit in memory. */
export interface QueryResult {
  total: number;
  /** The rows from `start` on, at most `count` of them, as the values of their columns. */
  read(start: number, count: number): unknown[][];
}

interface Progress {
  sources: RowSource[];
  /** Steps that each row goes through when it is read */
  pending: RowStage[];
  /** How many of them have dropped already what they drop */
  settled: number;
}

/** Runs a query on the rows of its table. */
export function runQuery({ stages, columns }: GraphQuery, sources: RowSource[]): QueryResult {
  let progress: Progress = { sources, pending: [], settled: 0 };
  for (const stage of stages) {
    switch (stage.kind) {
      case 'where':
      case 'extend':
      case 'project':
        progress = { ...progress, pending: [...progress.pending, stage] };
        break;
      case 'order':
        progress = sortRows(progress, stage.keys);
        break;
      case 'take':
        progress = settle(progress, filterRows(progress).slice(0, stage.count));
        break;
      case 'count':
        progress = settle({ pending: [] }, countRows(progress, stage.keys, stage.countName));
        break;
      default:
        stage satisfies never;
    }
  }
  const { pending } = progress;
  const left = filterRows(progress);
  const names = [...columns.keys()];
  return {
    total: left.length,
    read: (start, count) =>
      left.slice(start, start + count).map((source) => {
        const row = applyRowStages(pending, source());
        return names.map((name) => row?.(name) ?? null);
      }),
  };
}

function settle({ pending }: Pick<Progress, 'pending'>, sources: RowSource[]): Progress {
  return { sources, pending, settled: pending.length };
}

function filterRows({ sources, pending, settled }: Progress): RowSource[] {
  if (!pending.slice(settled).some((stage) => stage.kind === 'where')) return sources;
  return sources.filter((source) => applyRowStages(pending, source()) !== undefined);
}

function sortRows({ sources, pending }: Progress, keys: SortKey[]): Progress {
  const keyed = sources.flatMap((source) => {
    const row = applyRowStages(pending, source());
    return row ? [{ source, values: keys.map(({ expression }) => expression.evaluate(row)) }] : [];
  });
  keyed.sort((a, b) => {
    for (const [index, { isDescending }] of keys.entries()) {
      const order = compareValues(a.values[index], b.values[index]);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
  const sorted = keyed.map(({ source }) => source);
  return settle({ pending }, sorted);
}

function countRows({ sources, pending }: Progress, keys: NamedExpression[], countName: string): RowSource[] {
  const groups = new Map<string, { values: unknown[]; count: number }>();
  if (keys.length === 0) groups.set('[]', { values: [], count: 0 });
  for (const source of sources) {
    const row = applyRowStages(pending, source());
    if (!row) continue;
    const values = keys.map(({ expression }) => expression.evaluate(row));
    const group = groups.get(JSON.stringify(values)) ?? { values, count: 0 };
    group.count += 1;
    groups.set(JSON.stringify(values), group);
  }
  return [...groups.values()].map(({ values, count }) => {
    const row = new Map([
      ...keys.map(({ name }, index) => [name, values[index]] as const),
      [countName, count],
    ]);
    return () => (column) => row.get(column);
  });
}
