import type { Reading } from './reading.ts';

/** What a diagnostic setting keeps of a resource's logs. */
export interface DiagnosticSetting {
  name: string;
  /** Categories and category groups of logs that it sends, in lower case; absent where they are in no known shape. */
  logs?: string[];
  /** Whether it sends them anywhere: a workspace, a storage account, an event hub or a partner. */
  hasDestination: boolean;
}

/** The diagnostic settings of a resource, as far as they could be read. */
export type DiagnosticSettings =
  | { state: 'found'; settings: DiagnosticSetting[]; readings: Reading[] }
  | {
      state: 'unreadable';
      reason: 'diagnostic_settings_forbidden' | 'diagnostic_settings_not_visible';
      /** The action that the monitor's role lacks. */
      missingAction?: string;
      readings: Reading[];
    };

const auditLogs = new Set(['auditevent', 'audit', 'alllogs']);

/** Whether one of the settings keeps a key holder's audit events. */
export function keepsAuditEvents(settings: readonly DiagnosticSetting[]): boolean {
  return settings.some(
    ({ logs, hasDestination }) => hasDestination && logs?.some((log) => auditLogs.has(log)) === true,
  );
}

/** Whether a setting that does not tell in known words what it sends may keep a key holder's audit events. */
export function mayKeepAuditEvents(settings: readonly DiagnosticSetting[]): boolean {
  return settings.some(({ logs, hasDestination }) => hasDestination && logs === undefined);
}
