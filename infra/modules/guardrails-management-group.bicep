metadata description = 'The guardrails of a management group.'

targetScope = 'managementGroup'

import { guardrails } from '../guardrails.bicep'

@description('Audit names what does not comply; Deny refuses it.')
param effect 'Audit' | 'Deny'

@description('The monitor that assigns them, by which its removal knows them.')
param assignedBy string

@description('Resource ids of scopes that are exempted.')
param exemptedScopes string[]

resource assignments 'Microsoft.Authorization/policyAssignments@2026-07-01' = [
  for guardrail in guardrails: {
    name: guardrail.name
    properties: {
      displayName: guardrail.title
      enforcementMode: 'Default'
      metadata: { assignedBy: assignedBy }
      notScopes: exemptedScopes
      parameters: { effect: { value: effect } }
      policyDefinitionId: tenantResourceId('Microsoft.Authorization/policyDefinitions', guardrail.policy)
    }
  }
]
