metadata description = 'The two identities: one that the function app runs as, one by which Event Grid writes dead letters.'

import { names, tagsByName } from '../naming.bicep'

@description('Names of the resources of this monitor.')
param name names

@description('Azure region.')
param location string

@description('Tags of all resources.')
param tags tagsByName

resource reader 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name.readerIdentity
  location: location
  tags: tags
}

resource events 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name.eventIdentity
  location: location
  tags: tags
}

@description('Resource id of the identity that reads Azure.')
output readerId string = reader.id

@description('Client id of the identity that reads Azure.')
output readerClientId string = reader.properties.clientId

@description('Object id of the identity that reads Azure.')
output readerPrincipalId string = reader.properties.principalId

@description('Object id of the identity that writes dead letters.')
output eventPrincipalId string = events.properties.principalId
