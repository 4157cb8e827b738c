metadata description = 'Storage account of the functions host, the deployed package and the findings; reached by identity only.'

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

@description('Whether the account is reached by private endpoints only.')
param isPrivate bool

@description('Log Analytics workspace that keeps its logs.')
param workspaceId string

var containerName = 'app-package'

// Owner of blobs and contributor to tables: what the functions host asks for its own storage. It needs no queues here.
var dataRoles = [roles.storageBlobDataOwner, roles.storageTableDataContributor]

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name.storageAccount
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    networkAcls: { bypass: 'None', defaultAction: isPrivate ? 'Deny' : 'Allow' }
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource package 'containers' = {
      name: containerName
      properties: { publicAccess: 'None' }
    }
  }

  resource queues 'queueServices' = { name: 'default' }

  resource tables 'tableServices' = {
    name: 'default'

    resource findings 'tables' = { name: 'findings' }

    resource sweeps 'tables' = { name: 'sweeps' }
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in dataRoles: {
    name: guid(account.id, readerPrincipalId, role)
    scope: account
    properties: {
      principalId: readerPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

// Writing and deleting only: reads are the monitor's own, by the thousand, and say nothing new.
#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageWrite', enabled: true }, { category: 'StorageDelete', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::queues
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageWrite', enabled: true }, { category: 'StorageDelete', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::tables
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
  }
}

@description('Resource id of the account.')
output accountId string = account.id

@description('Address of its blob service.')
output blobUri string = account.properties.primaryEndpoints.blob

@description('Address of its queue service.')
output queueUri string = account.properties.primaryEndpoints.queue

@description('Address of its table service.')
output tableUri string = account.properties.primaryEndpoints.table

@description('Address of the container that the package is deployed from.')
output packageUri string = '${account.properties.primaryEndpoints.blob}${containerName}'
