metadata description = 'Storage account of events that could not be delivered: apart from the findings, as Event Grid must be able to write to it.'

import { roles } from '../ids.bicep'
import { deadLetterContainer, names, tagsByName } from '../naming.bicep'

@description('Names of the resources of this monitor.')
param name names

@description('Azure region.')
param location string

@description('Tags of all resources.')
param tags tagsByName

@description('Object id of the identity by which Event Grid writes.')
param eventPrincipalId string

@description('Log Analytics workspace that keeps its logs, by which an alert rule sees dead letters.')
param workspaceId string

@description('Days after which an event that could not be delivered is deleted: it holds names and addresses of people.')
param retentionDays int

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name.deadLetterAccount
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
    // Open whatever else is private: an identity that we assign to a topic can't write through a firewall. There are no keys and no public blobs; the role alone lets in.
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] }
    publicNetworkAccess: 'Enabled'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource container 'containers' = {
      name: deadLetterContainer
      properties: { publicAccess: 'None' }
    }
  }

  resource retention 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'delete-old-events'
            enabled: true
            type: 'Lifecycle'
            definition: {
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: retentionDays } } }
              filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['${deadLetterContainer}/'] }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, eventPrincipalId, roles.storageBlobDataContributor)
  scope: account
  properties: {
    principalId: eventPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}

#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

@description('Resource id of the account.')
output accountId string = account.id
