metadata description = 'Lets the policy for new subscriptions point event subscriptions at the function, its identity and its dead letters: Event Grid asks for the right to write to what an event subscription names.'

import { names } from '../naming.bicep'
import { eventWriterActions } from '../roles.bicep'

@description('Names of the resources of this monitor.')
param name names

@description('Name of the monitor\'s environment.')
param environmentName string

@description('Object id of the policy\'s identity.')
param writerPrincipalId string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: name.functionApp
}

resource deadLetterAccount 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: name.deadLetterAccount
}

resource eventIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: name.eventIdentity
}

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, environmentName, 'event-endpoint')
  properties: {
    roleName: 'ACR CMK monitor event endpoint (${environmentName}, ${toLower(take(subscription().subscriptionId, 8))})'
    description: 'Points event subscriptions at the monitor\'s function, and their dead letters at its account.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [{ actions: eventWriterActions.endpoint, notActions: [] }]
  }
}

resource onApp 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(app.id, environmentName, 'event-endpoint')
  scope: app
  properties: { principalId: writerPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: role.id }
}

resource onDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(deadLetterAccount.id, environmentName, 'event-endpoint')
  scope: deadLetterAccount
  properties: { principalId: writerPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: role.id }
}

resource onIdentity 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(eventIdentity.id, environmentName, 'event-endpoint')
  scope: eventIdentity
  properties: { principalId: writerPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: role.id }
}
