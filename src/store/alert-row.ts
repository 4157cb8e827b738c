import type { Alert, AlertMessage } from '../domain/alert.ts';
import type { StoredAlert } from '../monitor/ports.ts';
import { clipText, readJson, readOptionalText, readText, readWhole } from './columns.ts';
import { toPayloadText } from './evidence-text.ts';
import { toAlertKey, toPartition, toRegistryName } from './keys.ts';
import { toPresent } from './present.ts';
import type { Row, RowKey, StoredRow } from './table.ts';

/** Key of an alert's row: in the partition of its registry, as they are written together. */
export function toAlertRowKey({ id, registryId }: Pick<Alert, 'id' | 'registryId'>): RowKey {
  return {
    partitionKey: toPartition(toRegistryName(registryId).subscriptionId),
    rowKey: toAlertKey(id),
  };
}

/** Row of an alert; `id` is kept as it is, as the key is in lower case. */
export function toAlertRow(alert: Alert): Row {
  return {
    ...toAlertRowKey(alert),
    id: alert.id,
    status: alert.status,
    sink: alert.sink,
    registryId: alert.registryId,
    revision: alert.revision,
    sweep: alert.sweep,
    attempts: alert.attempts,
    due: alert.due,
    leasedUntil: alert.leasedUntil,
    lastError: alert.lastError === undefined ? undefined : clipText(alert.lastError),
    payload: toPayloadText(alert.payload),
  };
}

/** Reads an alert's row. */
export function fromAlertRow(row: StoredRow): StoredAlert {
  return toPresent({
    id: readText(row, 'id'),
    status: readText<Alert['status']>(row, 'status'),
    sink: readText(row, 'sink'),
    registryId: readText(row, 'registryId'),
    revision: readWhole(row, 'revision'),
    sweep: readOptionalText(row, 'sweep'),
    attempts: readWhole(row, 'attempts'),
    due: readText(row, 'due'),
    leasedUntil: readOptionalText(row, 'leasedUntil'),
    lastError: readOptionalText(row, 'lastError'),
    payload: readJson<AlertMessage>(row, 'payload'),
    etag: row.etag,
  });
}
