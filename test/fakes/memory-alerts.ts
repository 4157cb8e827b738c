import type { Alert } from '../../src/domain/record/alert.ts';
import type { AlertStore, Versioned } from '../../src/monitor/ports/ports.ts';
import type { VersionedMap } from './versioned-map.ts';

/** Alerts by id. */
export type AlertRows = VersionedMap<Alert>;

/** Keeps alerts in memory. */
export function createMemoryAlerts(rows: AlertRows): AlertStore {
  return {
    add: async (alert) => {
      rows.put(alert.id, alert);
    },
    listSendable: async (now, sweep) =>
      rows
        .list()
        .filter(({ value }) => isSendable(value, now, sweep))
        .map(({ value, etag }) => ({ ...value, etag }))
        .sort((a, b) => a.due.localeCompare(b.due)),
    lease: async (alert, { until, roundUp }) => {
      const leased = { ...toAlert(alert), leasedUntil: until, ...(roundUp ? { roundUp } : {}) };
      const etag = rows.replace(alert.id, leased, alert.etag);
      return etag === undefined ? undefined : { ...leased, etag };
    },
    postpone: async (alert) => {
      const { leasedUntil: _, ...free } = toAlert(alert);
      rows.replace(alert.id, free, alert.etag);
    },
    remove: async (alert) => rows.remove(alert.id, alert.etag),
    count: async () => {
      const pending = rows.list().filter(({ value }) => value.status === 'pending').length;
      return { pending, dead: rows.list().length - pending };
    },
  };
}

function isSendable(alert: Alert, now: string, sweep: string | undefined): boolean {
  const isTurn = sweep === undefined ? alert.due <= now : alert.sweep === sweep;
  const isFree = alert.leasedUntil === undefined || alert.leasedUntil <= now;
  return alert.status === 'pending' && isTurn && isFree;
}

function toAlert({ etag: _, ...alert }: Versioned<Alert>): Alert {
  return alert;
}
