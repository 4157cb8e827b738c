import { toSubscriptionPart } from './arm-key.ts';
import type { ArmBody } from './tenant-contents.ts';

/** What a diagnostic setting's body is built from. */
export interface DiagnosticSettingOptions {
  /** Id of the resource whose logs it sends */
  scope: string;
  name?: string;
  /** Log categories that it keeps (AuditEvent) */
  categories?: string[];
  /** Groups of log categories that it keeps, such as `audit` and `allLogs` (none) */
  categoryGroups?: string[];
  /** Id of the Log Analytics workspace that it sends to */
  workspaceId?: string;
}

const logCategories = ['AuditEvent', 'AzurePolicyEvaluationDetails'];

/** Builds a vault's or Managed HSM's diagnostic setting in the shape of api version 2021-05-01-preview. */
export function diagnosticSettingBody(options: DiagnosticSettingOptions): ArmBody {
  const { scope, name = 'audit-to-log-analytics', categories, categoryGroups = [] } = options;
  const kept = categories ?? (categoryGroups.length > 0 ? [] : ['AuditEvent']);
  const retentionPolicy = { enabled: false, days: 0 };
  const single = logCategories.map((category) => {
    return { category, categoryGroup: null, enabled: kept.includes(category), retentionPolicy };
  });
  const grouped = categoryGroups.map((categoryGroup) => {
    return { category: null, categoryGroup, enabled: true, retentionPolicy };
  });
  return {
    // Azure Monitor writes the resource's part of the id in lower case.
    id: `${scope.toLowerCase()}/providers/microsoft.insights/diagnosticSettings/${name}`,
    type: 'Microsoft.Insights/diagnosticSettings',
    name,
    kind: null,
    tags: null,
    properties: {
      storageAccountId: null,
      serviceBusRuleId: null,
      workspaceId:
        options.workspaceId ??
        `${toSubscriptionPart(scope)}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-security`,
      eventHubAuthorizationRuleId: null,
      eventHubName: null,
      metrics: [{ category: 'AllMetrics', enabled: false, retentionPolicy }],
      logs: grouped.length > 0 ? grouped : single,
      logAnalyticsDestinationType: null,
    },
    identity: null,
  };
}
