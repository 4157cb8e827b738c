import { keepsAuditEvents, mayKeepAuditEvents } from '../../domain/estate/diagnostic-settings.ts';
import { cis, hipaa, mapped, mcsb, nist, pci, policies } from '../frameworks.ts';
import { defineRule } from '../rule.ts';
import { judgeKeyHolder, unknown } from './key-holder-rule.ts';
import { planAuditLog } from './kv-noauditlog.remedy.ts';

/** The key holder's audit events are kept. */
export const kvNoAuditLog = defineRule({
  id: 'kv_noauditlog',
  severity: 'medium',
  isOffByDefault: true,
  title: 'Audit events of the key holder are not kept',
  checks:
    'Whether a diagnostic setting of the key holder sends its audit events (category AuditEvent, or category group audit or allLogs) to a workspace, a storage account, an event hub or a partner.',
  why: 'Without them nobody can tell afterwards who used, changed or deleted the key.',
  remedy:
    'Create a diagnostic setting: "az monitor diagnostic-settings create --name audit --resource KEY_HOLDER_ID --workspace WORKSPACE_ID --logs \'[{"categoryGroup":"audit","enabled":true}]\'".',
  reads: ['registry', 'keyHolder', 'diagnosticSettings'],
  reasons: {
    audit_events_kept: 'A diagnostic setting keeps the audit events.',
    audit_events_not_kept: 'No diagnostic setting keeps the audit events.',
    diagnostic_settings_not_read: 'The diagnostic settings were not read.',
    diagnostic_setting_unrecognised: 'A diagnostic setting does not tell in known words what it sends.',
    diagnostic_settings_forbidden:
      'The monitor may not read the diagnostic settings; evidence names the action that its role lacks.',
    diagnostic_settings_not_visible: 'The key holder is in a subscription that the monitor does not see.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/key-vault/general/logging',
    'https://learn.microsoft.com/en-us/azure/key-vault/general/howto-logging',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/logging',
  ],
  controls: [
    ...mapped(
      policies.vaultLogs,
      mcsb.lt3,
      mcsb.dp8,
      cis.keyVaultLogging,
      nist.au6c4,
      nist.au6c5,
      nist.au12,
      nist.au12c1,
      hipaa.monitoring,
    ),
    ...mapped(policies.hsmLogs, pci.adminActions),
  ],
  judge: judgeKeyHolder({
    found(_, { diagnosticSettings }) {
      if (!diagnosticSettings) return unknown('diagnostic_settings_not_read');
      if (diagnosticSettings.state === 'unreadable') {
        const { reason, missingAction } = diagnosticSettings;
        return unknown(reason, { missingAction });
      }
      const { settings } = diagnosticSettings;
      const values = { diagnosticSettings: settings };
      if (keepsAuditEvents(settings)) return { outcome: 'pass', reason: 'audit_events_kept', values };
      if (mayKeepAuditEvents(settings)) return unknown('diagnostic_setting_unrecognised', values);
      return { outcome: 'fail', reason: 'audit_events_not_kept', values };
    },
  }),
  mend: planAuditLog,
});
