import { expect, it } from 'vitest';
import { diagnosticSettingBody } from '../../../simulator/tenant/diagnostic-setting-body.ts';
import type { DiagnosticSettings } from '../../../src/domain/estate/diagnostic-settings.ts';
import { diagnosticSettings } from '../parts.ts';
import { found, judge, keyedRegistry, readingOf, vault } from '../postures.ts';
import { describeKeyHolderCases } from './key-holder-cases.ts';

const rule = 'kv_noauditlog';
const scope = vault().id;
const keyHolder = found(vault());
const judgeSettings = (settings?: DiagnosticSettings) =>
  judge(rule, keyedRegistry(), { keyHolder, ...(settings ? { diagnosticSettings: settings } : {}) });

/** A setting that sends its logs to a workspace, or elsewhere. */
const setting = (
  logs: unknown,
  destination: Record<string, unknown> = { workspaceId: '/workspaces/log' },
) => ({
  name: 'audit',
  properties: { logs, metrics: [], ...destination },
});
const auditEvent = [{ category: 'AuditEvent', enabled: true }];

describeKeyHolderCases(rule, undefined, { diagnosticSettings: diagnosticSettings() });

it.each([
  ['its category', diagnosticSettingBody({ scope })],
  ['group audit', diagnosticSettingBody({ scope, categoryGroups: ['audit'] })],
  ['group allLogs', diagnosticSettingBody({ scope, categoryGroups: ['allLogs'] })],
  ['its category in another casing', setting([{ category: 'AUDITEVENT', enabled: true }])],
  ['a storage account', setting(auditEvent, { storageAccountId: '/storageAccounts/a' })],
  ['an event hub', setting(auditEvent, { eventHubAuthorizationRuleId: '/rules/a' })],
  ['a partner', setting(auditEvent, { marketplacePartnerId: '/partners/a' })],
])('passes when a setting keeps audit events by %s', (_, body) => {
  const other = setting([{ category: 'AzurePolicyEvaluationDetails', enabled: true }]);
  for (const settings of [diagnosticSettings(body), diagnosticSettings(other, setting('odd'), body)])
    expect(judgeSettings(settings)).toMatchObject({ outcome: 'pass', reason: 'audit_events_kept' });
});

it.each([
  ['there is no setting', []],
  ['the category is off', [setting([{ category: 'AuditEvent', enabled: false }])]],
  ['another category is on', [setting([{ category: 'AzurePolicyEvaluationDetails', enabled: true }])]],
  ['a setting keeps metrics alone', [setting(undefined), setting(null), setting([])]],
  ['a setting sends nowhere', [setting(auditEvent, { workspaceId: null })]],
  ['a setting sends to an empty address', [setting(auditEvent, { workspaceId: '' })]],
  ['an odd setting sends nowhere', [setting('odd', {})]],
])('fails when %s', (_, bodies) => {
  expect(judgeSettings(diagnosticSettings(...bodies))).toMatchObject({
    outcome: 'fail',
    reason: 'audit_events_not_kept',
    severity: 'medium',
  });
});

it.each([
  ['a text', 'AuditEvent'],
  ['an object', { category: 'AuditEvent', enabled: true }],
  ['a list with a text', ['AuditEvent']],
  ['a list with an entry that is on by a text', [{ category: 'AuditEvent', enabled: 'true' }]],
  ['a list with an entry that does not tell', [{ category: 'AuditEvent' }]],
])('is unknown when the logs of a setting are %s', (_, logs) => {
  expect(judgeSettings(diagnosticSettings(setting(logs)))).toMatchObject({
    outcome: 'unknown',
    reason: 'diagnostic_setting_unrecognised',
  });
});

it('is unknown where the settings may not be read, and names the missing action', () => {
  const missingAction = 'Microsoft.Insights/diagnosticSettings/read';
  const reading = { ...readingOf('diagnosticSettings', scope), status: 403 };
  const verdict = judgeSettings({
    state: 'unreadable',
    reason: 'diagnostic_settings_forbidden',
    missingAction,
    readings: [reading],
  });
  expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'diagnostic_settings_forbidden' });
  expect(verdict.evidence).toMatchObject({ values: { missingAction }, read: [{}, {}, reading] });
});

it('is unknown where the settings were not read', () => {
  expect(judgeSettings()).toMatchObject({ outcome: 'unknown', reason: 'diagnostic_settings_not_read' });
});

it('shows what the settings keep', () => {
  const { evidence } = judgeSettings(diagnosticSettings(setting(auditEvent)));
  expect(evidence.values).toMatchObject({
    diagnosticSettings: [{ name: 'audit', logs: ['auditevent'], hasDestination: true }],
  });
});
