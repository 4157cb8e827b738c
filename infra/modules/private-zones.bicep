metadata description = 'DNS zones of the private endpoints, linked to the network.'

import { tagsByName, zones } from '../naming.bicep'

@description('Tags of all resources.')
param tags tagsByName

@description('Network that asks these zones.')
param networkId string

@description('The zones.')
param zoneNames zones

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for entry in items(zoneNames): {
    name: entry.value
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (entry, index) in items(zoneNames): {
    name: 'monitor'
    parent: zone[index]
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: networkId } }
  }
]
