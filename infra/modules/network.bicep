metadata description = 'Virtual network of the function app: it calls out through one address, and reaches its own storage and vault by private endpoints.'

import { names, tagsByName } from '../naming.bicep'

@description('Names of the resources of this monitor.')
param name names

@description('Azure region.')
param location string

@description('Tags of all resources.')
param tags tagsByName

@description('Address range of the network; two subnets of 64 addresses are cut from it.')
param addressPrefix string

@description('Log Analytics workspace that keeps its logs.')
param workspaceId string

resource outboundAddress 'Microsoft.Network/publicIPAddresses@2026-03-01' = {
  name: '${name.virtualNetwork}-out'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

// New networks have no way out of their own.
resource gateway 'Microsoft.Network/natGateways@2026-03-01' = {
  name: '${name.virtualNetwork}-out'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: outboundAddress.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name.virtualNetwork
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          defaultOutboundAccess: false
          delegations: [{ name: 'flex-consumption', properties: { serviceName: 'Microsoft.App/environments' } }]
          natGateway: { id: gateway.id }
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }

  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource networkLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: network
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource addressLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: outboundAddress
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

@description('Resource id of the network.')
output networkId string = network.id

@description('Resource id of the subnet that the function app calls out from.')
output appSubnetId string = network::app.id

@description('Resource id of the subnet of private endpoints.')
output endpointSubnetId string = network::endpoints.id
