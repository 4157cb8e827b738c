import { toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import { toCommand } from '../../remedy/verify.ts';

/** A diagnostic setting keeps the key holder's audit events. */
export function planAuditLog(subject: Subject): Plan {
  const { keyHolder } = subject;
  const type =
    keyHolder.kind === 'vault'
      ? 'Microsoft.KeyVault/vaults@2026-02-01'
      : 'Microsoft.KeyVault/managedHSMs@2026-02-01';
  return {
    summary: 'Keep the key holder’s audit events in a Log Analytics workspace, by a diagnostic setting.',
    warnings: [
      'Log Analytics charges for what it takes in and keeps; how long it keeps it is set at the workspace.',
    ],
    az: toSteps([
      'Send the audit events to the workspace.',
      `az monitor diagnostic-settings create --name "$DIAGNOSTIC_SETTING_NAME" --resource "$KEY_HOLDER_ID" \\
  --workspace "$WORKSPACE_ID" --logs '[{"categoryGroup": "audit", "enabled": true}]' --output none`,
    ]),
    bicep: `${bicep.deployTo(subject, 'keyHolder', 'workspaceId=<id of the workspace>')}

resource keyHolder '${type}' existing = {
  name: keyHolderName
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: diagnosticSettingName
  scope: keyHolder
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}`,
    terraform: `resource "azurerm_monitor_diagnostic_setting" "audit" {
  name                       = var.diagnostic_setting_name
  target_resource_id         = var.key_holder_id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "audit"
  }
}`,
    verify: [toCommand('az monitor diagnostic-settings list', { resource: keyHolder.id })],
    expect: 'pass audit_events_kept',
  };
}
