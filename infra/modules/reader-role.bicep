metadata description = 'The custom role that may read exactly what the monitor reads.'

targetScope = 'subscription'

import { readActions } from '../roles.bicep'

@description('Name of the monitor\'s environment, which tells its role from those of others.')
param environmentName string

@description('Resource ids of the subscriptions that the role may be assigned in.')
param assignableScopes string[]

@description('Actions, beside those of the list, that the role covers.')
param additionalReadActions string[]

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, environmentName, 'reader')
  properties: {
    roleName: 'ACR CMK monitor reader (${environmentName}, ${toLower(take(subscription().subscriptionId, 8))})'
    description: 'Reads registries, key holders, keys\' properties and access, but no image, no key material and no secret.'
    type: 'CustomRole'
    assignableScopes: assignableScopes
    permissions: [{ actions: union(readActions.subscription, additionalReadActions), notActions: [] }]
  }
}

@description('Id of the role without the scope it was read at.')
output roleName string = role.name
