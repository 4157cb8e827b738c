metadata description = 'The monitor in one resource group; "acr-cmk connect" gives it the right to read what it watches, and its events.'

targetScope = 'subscription'

import { namesOf, tagsByName, toIds, toList, zonesOf } from 'naming.bicep'
import { settings } from 'settings.bicep'

@description('Name of the environment: part of the resource group\'s name, and what all other names are made from.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Azure region of the monitor.')
@metadata({ azd: { type: 'location' } })
param location string

@description('E-mail address of who is told when the monitor itself is in trouble.')
@minLength(3)
param operatorEmail string

@description('Subscriptions to watch, separated by commas; empty for the one deployed to. Not used with a management group.')
param subscriptionIds string = ''

@description('Management group whose subscriptions are watched; empty to watch single ones.')
param managementGroupId string = ''

@description('Where alerts are sent, HTTPS; empty for no alerts.')
@secure()
param alertWebhookUrl string = ''

@description('What alerts are signed with: whsec_ and base64 of 16 bytes or more. Needed with alertWebhookUrl.')
@secure()
param alertWebhookSecret string = ''

@description('Settings that are not left at their defaults.')
param tuning settings = {}

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances: the sweep needs one, events scale out.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances always ready for events, so that none waits minutes for a cold app; 0 saves their cost.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 1

@description('Whether storage and vault are reached by private endpoints only, and the API by Event Grid and the allowed addresses only.')
param privateNetwork bool = false

@description('Address range of the private network, /25 or larger.')
param privateNetworkPrefix string = '10.84.0.0/24'

@description('Addresses (CIDR) that alone may call the API and deploy, beside Event Grid, separated by commas; empty for everybody, with private networking for nobody from outside.')
param allowedAddresses string = ''

@description('Time without a completed sweep after which one is overdue: at least twice the time between two sweeps.')
@allowed(['PT1H', 'PT2H', 'PT3H', 'PT4H', 'PT5H', 'PT6H', 'P1D', 'P2D'])
param sweepOverdueAfter string = 'PT2H'

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Days that events that could not be delivered are kept.')
@minValue(1)
@maxValue(365)
param deadLetterRetentionDays int = 14

@description('Whether the vault of an earlier deployment, deleted but not purged, is brought back.')
param recoverVault bool = false

@description('Tags of all resources, beside the environment\'s name.')
param tags tagsByName = {}

var name = namesOf(environmentName, subscription().subscriptionId)
var allTags = union(tags, { 'azd-env-name': environmentName, application: 'acr-cmk-monitor' })
var isListed = empty(managementGroupId)
var home = toLower(subscription().subscriptionId)
var listed = empty(toIds(subscriptionIds)) ? [home] : toIds(subscriptionIds)
var watched = isListed ? listed : []
var secret = !empty(alertWebhookUrl) && empty(alertWebhookSecret)
  ? fail('alertWebhookSecret is missing: alerts to alertWebhookUrl are signed with it')
  : alertWebhookSecret

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: name.resourceGroup
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: name, location: location, tags: allTags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: allTags
    readerPrincipalId: identity.outputs.readerPrincipalId
    retentionDays: logRetentionDays
  }
}

module alertRules 'modules/alert-rules.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    operatorEmail: operatorEmail
    sweepOverdueAfter: sweepOverdueAfter
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: allTags
    readerPrincipalId: identity.outputs.readerPrincipalId
    isPrivate: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module deadLetters 'modules/dead-letters.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: allTags
    eventPrincipalId: identity.outputs.eventPrincipalId
    workspaceId: monitoring.outputs.workspaceId
    retentionDays: deadLetterRetentionDays
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: allTags
    readerPrincipalId: identity.outputs.readerPrincipalId
    isPrivate: privateNetwork
    isRecovered: recoverVault
    workspaceId: monitoring.outputs.workspaceId
    alertWebhookUrl: alertWebhookUrl
    alertWebhookSecret: secret
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: name
    location: location
    tags: allTags
    addressPrefix: privateNetworkPrefix
    workspaceId: monitoring.outputs.workspaceId
  }
}

// Before the app: it asks the vault for its secrets as soon as they are set, and keeps what it got for a day.
module privateEndpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: name
    location: location
    tags: allTags
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointSubnetId
    storageAccountId: storage.outputs.accountId
    vaultId: vault.outputs.vaultId
  }
}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: allTags
    connection: {
      blobUri: storage.outputs.blobUri
      queueUri: storage.outputs.queueUri
      tableUri: storage.outputs.tableUri
      packageUri: storage.outputs.packageUri
      vaultUri: vault.outputs.vaultUri
      insightsConnectionString: monitoring.outputs.connectionString
      workspaceId: monitoring.outputs.workspaceId
      subnetId: network.?outputs.appSubnetId ?? ''
    }
    reader: { id: identity.outputs.readerId, clientId: identity.outputs.readerClientId }
    size: {
      instanceMemoryMB: instanceMemoryMB
      maximumInstanceCount: maximumInstanceCount
      alwaysReadyInstances: alwaysReadyInstances
    }
    watched: { subscriptionIds: join(watched, ','), managementGroupId: managementGroupId }
    chosen: tuning
    hasWebhook: !empty(alertWebhookUrl)
    isClosed: privateNetwork || !empty(toList(allowedAddresses))
    allowedAddresses: toList(allowedAddresses)
  }
  dependsOn: [privateEndpoints]
}

module appEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork) {
  scope: group
  params: {
    endpointName: 'pe-${name.functionApp}'
    location: location
    tags: allTags
    targetId: app.outputs.appId
    groupId: 'sites'
    subnetId: network!.outputs.endpointSubnetId
    zoneName: zonesOf(environment().name, environment().suffixes.storage).sites
  }
}

@description('Resource group of the monitor.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output FUNCTION_APP_NAME string = name.functionApp

@description('Address of the API.')
output API_URI string = app.outputs.apiUri

@description('Name of the vault, which stays when the rest is removed.')
output KEY_VAULT_NAME string = name.vault
