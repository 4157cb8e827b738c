import type { TransactionAction } from '@azure/data-tables';
import type { Commit } from '../monitor/ports/ports.ts';
import { toAlertRow } from './alert-row.ts';
import { toChangeRows, toFindingRow, toHistoryRow, toLinkRow, toRegistryRow } from './finding-rows.ts';
import type { Row } from './table.ts';

/**
 * All rows of a commit, the registry's first and the alerts' last.
 * The registry's row guards all others, so these are written in place of what may be there
 * (rows of a registry whose own row somebody deleted by hand must not stop it from ever being written again).
 * A link is merged, so that a holder that can't be seen any more keeps the id it was last seen with.
 */
export function toCommitActions(commit: Commit, oldLink: Row | undefined): TransactionAction[] {
  const { registry, etag, findings, history, link, alerts } = commit;
  const registryRow = toRegistryRow(registry);
  return [
    etag === undefined ? ['create', registryRow] : ['update', registryRow, 'Replace', { etag }],
    ...findings.map((finding) => toUpsert(toFindingRow(registry, finding))),
    ...(history ? [toHistoryRow(registry, history), ...toChangeRows(registry, history)].map(toUpsert) : []),
    ...(link ? [toMerge(toLinkRow(registry, link))] : []),
    ...(oldLink ? [toDeletion(oldLink)] : []),
    ...alerts.map((alert) => toUpsert(toAlertRow(alert))),
  ];
}

function toUpsert(row: Row): TransactionAction {
  return ['upsert', row, 'Replace'];
}

function toMerge(row: Row): TransactionAction {
  return ['upsert', row, 'Merge'];
}

function toDeletion(row: Row): TransactionAction {
  return ['delete', row];
}
