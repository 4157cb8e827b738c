import { toPresent } from '../domain/estate/present.ts';
import type { Alert } from '../domain/record/alert.ts';
import type { Versioned } from '../monitor/ports/ports.ts';
import { clipText, readJson, readOptionalText, readText, readWhole, toBrokenRow } from './columns.ts';
import { toPayloadText } from './evidence-text.ts';
import { toAlertKey, toPartition } from './keys.ts';
import type { Row, RowKey, StoredRow } from './table.ts';

/** Key of an alert's row: in the partition of its registry, as they are written together. */
export function toAlertRowKey({ id, subscriptionId }: Pick<Alert, 'id' | 'subscriptionId'>): RowKey {
  return {
    partitionKey: toPartition(subscriptionId),
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
    subscriptionId: alert.subscriptionId,
    registryId: alert.registryId,
    revision: alert.revision,
    sweep: alert.sweep,
    attempts: alert.attempts,
    due: alert.due,
    leasedUntil: alert.leasedUntil,
    digest: alert.roundUp,
    lastError: alert.lastError === undefined ? undefined : clipText(alert.lastError),
    payload: toPayloadText(alert.payload),
  };
}

/** Reads an alert's row. */
export function fromAlertRow(row: StoredRow): Versioned<Alert> {
  return toPresent({
    id: readText(row, 'id'),
    status: readText<Alert['status']>(row, 'status'),
    sink: readText(row, 'sink'),
    subscriptionId: readText(row, 'subscriptionId'),
    registryId: readOptionalText(row, 'registryId'),
    revision: row.revision === undefined || row.revision === null ? undefined : readWhole(row, 'revision'),
    sweep: readOptionalText(row, 'sweep'),
    attempts: readWhole(row, 'attempts'),
    due: readText(row, 'due'),
    leasedUntil: readOptionalText(row, 'leasedUntil'),
    lastError: readOptionalText(row, 'lastError'),
    roundUp: readOptionalText(row, 'digest'),
    payload: readPayload(row),
    etag: row.etag,
  });
}

function readPayload(row: StoredRow): Alert['payload'] {
  const payload = readJson<Alert['payload'] | null>(row, 'payload');
  if (typeof payload?.type !== 'string') throw toBrokenRow(row, 'payload');
  return payload;
}
