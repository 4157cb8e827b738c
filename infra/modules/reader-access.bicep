metadata description = 'Lets the monitor read one subscription.'

targetScope = 'subscription'

@description('Id of the custom role.')
param roleName string

@description('Name of the identity that reads, from which the assignment\'s own name is made.')
param identityName string

@description('Object id of the identity that reads.')
param readerPrincipalId string

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, identityName, 'reader')
  properties: {
    principalId: readerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
  }
}
