metadata description = 'Lets the own identity of a system topic that somebody else made write dead letters.'

import { roles } from '../../ids.bicep'

@description('Storage account of dead letters, in this resource group.')
param accountName string

@description('Resource id of the topic, from which the assignment\'s own name is made.')
param topicId string

@description('Object id of the topic\'s own identity.')
param principalId string

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: accountName
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, topicId, roles.storageBlobDataContributor)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}
