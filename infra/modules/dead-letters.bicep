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

@description('Whether nobody but Event Grid, as a trusted service, may come from outside the virtual network.')
param isPrivate bool

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
    // Event Grid has no private endpoint to come by: the firewall lets it in as a trusted service, which takes an account whose public access is not off altogether.
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: []
      virtualNetworkRules: []
    }
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
  name: guid(account.id, name.eventIdentity, roles.storageBlobDataContributor)
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
