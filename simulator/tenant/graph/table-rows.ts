import type { ManagementGroups } from '../management-groups.ts';
import type { StoreSnapshot } from '../resource-store.ts';
import type { LazyResource } from '../tenant-contents.ts';
import type { TenantState } from '../tenant-state.ts';
import type { ScopeFilter } from './graph-request.ts';
import { type RowOrigin, toRowSource } from './graph-row.ts';
import type { GraphScope } from './graph-scope.ts';
import type { RowSource } from './run-query.ts';

/** What the rows of a table are made from. */
export interface TableContext {
  tenantId: string;
  state: TenantState;
  snapshot: StoreSnapshot;
  groups: ManagementGroups;
  scope: GraphScope;
  filter: ScopeFilter;
  /** The columns, or paths below them, that the row of an id lacks */
  leftOut(id: string): string[];
}

/** Rows of those members of a list that the caller may read. */
export function toRows(
  members: Iterable<[string, LazyResource]>,
  { state, leftOut }: TableContext,
  { action, origin }: { action: string; origin: RowOrigin },
): RowSource[] {
  const rows: RowSource[] = [];
  for (const [key, resource] of members) {
    if (state.isReadable(key, action)) rows.push(toRowSource(resource, origin, leftOut));
  }
  return rows;
}

/** A subscription's own tenant: that of its customer where it is delegated by Azure Lighthouse. */
export function toTenants({ snapshot }: TableContext): Map<string, string> {
  return new Map(
    Array.from(snapshot.membersOf('/subscriptions')).flatMap(([key, resource]) => {
      const { tenantId } = resource.toBody();
      const id = key.slice('/subscriptions/'.length);
      return typeof tenantId === 'string' ? [[id, tenantId] as const] : [];
    }),
  );
}
