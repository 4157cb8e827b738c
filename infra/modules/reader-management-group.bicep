metadata description = 'The custom role that may read exactly what the monitor reads, for a whole management group.'

targetScope = 'managementGroup'

import { readActions } from '../roles.bicep'

@description('Name of the monitor\'s environment, which tells its role from those of others.')
param environmentName string

@description('Name of the identity that reads, from which the assignment\'s own name is made.')
param identityName string

@description('Subscription that the monitor is deployed in.')
param monitorSubscriptionId string

@description('Object id of the identity that reads.')
param readerPrincipalId string

@description('Actions, beside those of the list, that the role covers.')
param additionalReadActions string[]

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, monitorSubscriptionId, environmentName, 'reader')
  properties: {
    roleName: 'ACR CMK monitor reader (${environmentName}, ${take(monitorSubscriptionId, 8)}, group)'
    description: 'Reads registries, key holders, keys\' properties and access, but no image, no key material and no secret.'
    type: 'CustomRole'
    assignableScopes: [managementGroup().id]
    permissions: [{ actions: union(readActions.managementGroup, additionalReadActions), notActions: [] }]
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, identityName, 'reader')
  properties: {
    principalId: readerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}
