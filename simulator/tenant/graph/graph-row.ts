import { toArmKey } from '../arm-key.ts';
import type { ArmBody, LazyResource } from '../tenant-contents.ts';
import type { KustoColumns } from './kusto-expression.ts';
import type { KustoRow } from './kusto-value.ts';
import type { RowSource } from './run-query.ts';

/** The columns that every table has. Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/explore-resources */
export const resourceColumns: KustoColumns = new Map([
  ['id', 'string'],
  ['name', 'string'],
  ['type', 'string'],
  ['tenantId', 'string'],
  ['kind', 'string'],
  ['location', 'string'],
  ['resourceGroup', 'string'],
  ['subscriptionId', 'string'],
  ['managedBy', 'string'],
  ['sku', 'dynamic'],
  ['plan', 'dynamic'],
  ['properties', 'dynamic'],
  ['tags', 'dynamic'],
  ['identity', 'dynamic'],
  ['zones', 'dynamic'],
  ['extendedLocation', 'dynamic'],
]);

/** What is known of a row before its body is read. */
export interface RowOrigin {
  /** In lower case */
  type: string;
  tenantId: string;
  /** Makes the graph's row of what Resource Manager answers, where they differ */
  adapt?(body: ArmBody): ArmBody;
}

/** Creates rows from what Resource Manager answers; the body is read only where a column needs it. */
export function toRowSource(
  resource: LazyResource,
  origin: RowOrigin,
  leftOut: (id: string) => string[],
): RowSource {
  return () => {
    let body: ArmBody | undefined;
    const read = () => {
      body ??= origin.adapt?.(resource.toBody()) ?? resource.toBody();
      return body;
    };
    const row = toRow(resource.id, origin, read);
    const paths = leftOut(resource.id);
    return paths.length === 0 ? row : (column) => withoutPaths(column, row(column), paths);
  };
}

function toRow(id: string, origin: RowOrigin, read: () => ArmBody): KustoRow {
  return (column) => {
    switch (column) {
      case 'id':
        return id;
      case 'type':
      case 'tenantId':
        return origin[column];
      case 'subscriptionId':
        return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';
      case 'name':
        // Only what is adapted may be named otherwise than its id; reading every body for a name would be slow.
        return origin.adapt ? read().name : id.slice(id.lastIndexOf('/') + 1);
      case 'resourceGroup':
        return /\/resourcegroups\/([^/]+)/i.exec(id)?.[1]?.toLowerCase() ?? '';
      case 'location':
        return toArmKey(read().location ?? '');
      default:
        return read()[column] ?? (resourceColumns.get(column) === 'string' ? '' : null);
    }
  };
}

function withoutPaths(column: string, value: unknown, paths: string[]): unknown {
  return paths.reduce((left, path) => {
    const [first, ...keys] = path.split('.');
    return first === column ? withoutPath(left, keys) : left;
  }, value);
}

function withoutPath(value: unknown, [key, ...below]: string[]): unknown {
  if (key === undefined) return null;
  if (typeof value !== 'object' || value === null) return value;
  if (key === '*') {
    const entries = Object.entries(value).map(([name, found]) => [name, withoutPath(found, below)]);
    return Object.fromEntries(entries);
  }
  if (!(key in value)) return value;
  const { [key]: found, ...rest } = value as Record<string, unknown>;
  return below.length === 0 ? rest : { ...rest, [key]: withoutPath(found, below) };
}
