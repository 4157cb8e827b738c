metadata description = 'Key Vault of the webhook and its signing secret, which the function app reads by reference.'

import { roles } from '../ids.bicep'
import { names, tagsByName } from '../naming.bicep'

@description('Names of the resources of this monitor.')
param name names

@description('Azure region.')
param location string

@description('Tags of all resources.')
param tags tagsByName

@description('Object id of the identity that the function app runs as.')
param readerPrincipalId string

@description('Whether the vault is reached by private endpoint only.')
param isPrivate bool

@description('Whether a vault of this name, deleted before, is brought back: its name stays taken until it is purged.')
param isRecovered bool

@description('Log Analytics workspace that keeps its logs.')
param workspaceId string

@description('Where alerts are sent; empty for none.')
@secure()
param alertWebhookUrl string

@description('What alerts are signed with.')
@secure()
param alertWebhookSecret string

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name.vault
  location: location
  tags: tags
  properties: {
    createMode: isRecovered ? 'recover' : 'default'
    enablePurgeProtection: true
    enableRbacAuthorization: true
    enableSoftDelete: true
    networkAcls: { bypass: 'AzureServices', defaultAction: isPrivate ? 'Deny' : 'Allow' }
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    sku: { family: 'A', name: 'standard' }
    softDeleteRetentionInDays: 90
    tenantId: tenant().tenantId
  }

  resource webhookUrl 'secrets' = if (!empty(alertWebhookUrl)) {
    name: 'alert-webhook-url'
    tags: tags
    properties: { contentType: 'text/plain', value: alertWebhookUrl }
  }

  resource webhookSecret 'secrets' = if (!empty(alertWebhookUrl)) {
    name: 'alert-webhook-secret'
    tags: tags
    properties: { contentType: 'text/plain', value: alertWebhookSecret }
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, readerPrincipalId, roles.keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: readerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
  }
}

#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

@description('Resource id of the vault.')
output vaultId string = vault.id

@description('Address of the vault.')
output vaultUri string = vault.properties.vaultUri
