metadata description = 'Private endpoints of everything that the monitor keeps, and the DNS zones of these and of its API\'s.'

import { names, tagsByName, zonesOf } from '../naming.bicep'

@description('Names of the resources of this monitor.')
param name names

@description('Azure region.')
param location string

@description('Tags of all resources.')
param tags tagsByName

@description('Network that uses the endpoints.')
param networkId string

@description('Subnet of the endpoints.')
param subnetId string

@description('Storage account of the host and the findings.')
param storageAccountId string

@description('Vault of the webhook.')
param vaultId string

var zoneNames = zonesOf(environment().name, environment().suffixes.storage)
var endpoints = [
  { name: '${name.storageAccount}-blob', target: storageAccountId, group: 'blob' }
  { name: '${name.storageAccount}-queue', target: storageAccountId, group: 'queue' }
  { name: '${name.storageAccount}-table', target: storageAccountId, group: 'table' }
  { name: name.vault, target: vaultId, group: 'vault' }
]

module zones 'private-zones.bicep' = {
  params: { tags: tags, networkId: networkId, zoneNames: zoneNames }
}

module endpoint 'private-endpoint.bicep' = [
  for endpoint in endpoints: {
    params: {
      endpointName: 'pe-${endpoint.name}'
      location: location
      tags: tags
      targetId: endpoint.target
      groupId: endpoint.group
      subnetId: subnetId
      zoneName: zoneNames[endpoint.group]
    }
    dependsOn: [zones]
  }
]
