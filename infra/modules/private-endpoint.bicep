metadata description = 'One private endpoint and the DNS zone by which its network finds it.'

import { tagsByName } from '../naming.bicep'

@description('Name of the private endpoint.')
param endpointName string

@description('Azure region.')
param location string

@description('Tags of all resources.')
param tags tagsByName

@description('Resource that is reached.')
param targetId string

@description('Which part of it: blob, queue, table, vault or sites.')
param groupId string

@description('Subnet of the endpoint.')
param subnetId string

@description('DNS zone of such endpoints, which exists already.')
param zoneName string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: zoneName
}

resource endpoint 'Microsoft.Network/privateEndpoints@2026-03-01' = {
  name: endpointName
  location: location
  tags: tags
  properties: {
    customNetworkInterfaceName: '${endpointName}-nic'
    privateLinkServiceConnections: [
      { name: groupId, properties: { groupIds: [groupId], privateLinkServiceId: targetId } }
    ]
    subnet: { id: subnetId }
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: groupId, properties: { privateDnsZoneId: zone.id } }]
    }
  }
}
