metadata description = 'The function app, on Flex Consumption, and its settings.'

import { eventFunction, names, tagsByName } from '../naming.bicep'
import { settings } from '../settings.bicep'

@description('Where the app keeps its data and its telemetry, and how it gets there.')
type connections = {
  @description('Address of the storage account\'s blob service.')
  blobUri: string

  @description('Address of its queue service.')
  queueUri: string

  @description('Address of its table service.')
  tableUri: string

  @description('Container that the package is deployed from.')
  packageUri: string

  @description('Address of the vault of the webhook.')
  vaultUri: string

  @description('Application Insights connection string.')
  insightsConnectionString: string

  @description('Log Analytics workspace that keeps the app\'s logs.')
  workspaceId: string

  @description('Subnet that the app calls out from; empty for none.')
  subnetId: string
}

@description('The identity that the app runs as.')
type identity = {
  @description('Resource id.')
  id: string

  @description('Client id.')
  clientId: string
}

@description('How large the app may grow.')
type scale = {
  @description('Memory of an instance, in MB.')
  instanceMemoryMB: int

  @description('Most instances.')
  maximumInstanceCount: int

  @description('Instances that are always ready for events.')
  alwaysReadyInstances: int
}

@description('Which subscriptions are watched, as the settings have it.')
type scope = {
  @description('Subscription ids, separated by commas.')
  subscriptionIds: string

  @description('Management group; empty for none.')
  managementGroupId: string
}

@description('Names of the resources of this monitor.')
param name names

@description('Azure region.')
param location string

@description('Tags of all resources.')
param tags tagsByName

@description('Data and telemetry of the app.')
param connection connections

@description('Identity of the app.')
param reader identity

@description('Size of the app.')
param size scale

@description('What the app watches.')
param watched scope

@description('Settings that the operator chose.')
param chosen settings

@description('Whether alerts go to a webhook, whose address and secret are in the vault.')
param hasWebhook bool

@description('Whether only Event Grid and the allowed addresses may call from outside the virtual network.')
param isClosed bool

@description('Addresses (CIDR) that may call the API and deploy, where networking is private.')
param allowedAddresses string[]

var webhook = hasWebhook
  ? {
      secret: '@Microsoft.KeyVault(SecretUri=${uri(connection.vaultUri, 'secrets/alert-webhook-secret')})'
      url: '@Microsoft.KeyVault(SecretUri=${uri(connection.vaultUri, 'secrets/alert-webhook-url')})'
    }
  : { secret: '', url: '' }

var addressRules = [
  for (address, index) in allowedAddresses: {
    action: 'Allow'
    ipAddress: address
    name: 'allowed-${index}'
    priority: 200 + index
  }
]

// Event Grid comes from outside: it can't deliver to a private endpoint.
var eventGridRule = {
  action: 'Allow'
  ipAddress: 'AzureEventGrid'
  name: 'event-grid'
  priority: 100
  tag: 'ServiceTag'
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: name.plan
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name.functionApp
  location: location
  // By this tag azd finds where the code goes.
  tags: union(tags, { 'azd-service-name': 'monitor' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${reader.id}': {} } }
  properties: {
    clientAffinityEnabled: false
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: connection.packageUri
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: reader.id }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: {
        alwaysReady: size.alwaysReadyInstances > 0
          ? [{ name: 'function:${eventFunction}', instanceCount: size.alwaysReadyInstances }]
          : []
        instanceMemoryMB: size.instanceMemoryMB
        maximumInstanceCount: size.maximumInstanceCount
      }
    }
    httpsOnly: true
    keyVaultReferenceIdentity: reader.id
    publicNetworkAccess: 'Enabled'
    serverFarmId: plan.id
    // Flex Consumption refuses names that it does not know, such as ftpsState: it has no FTP.
    siteConfig: {
      http20Enabled: true
      ipSecurityRestrictions: isClosed ? concat([eventGridRule], addressRules) : []
      ipSecurityRestrictionsDefaultAction: isClosed ? 'Deny' : 'Allow'
      minTlsVersion: '1.2'
      scmIpSecurityRestrictions: isClosed ? addressRules : []
      scmIpSecurityRestrictionsDefaultAction: isClosed ? 'Deny' : 'Allow'
      scmIpSecurityRestrictionsUseMain: false
      scmMinTlsVersion: '1.2'
    }
    virtualNetworkSubnetId: empty(connection.subnetId) ? null : connection.subnetId
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    // An empty one takes the default that the code has for it.
    properties: {
      ALERT_MIN_SEVERITY: chosen.?ALERT_MIN_SEVERITY ?? ''
      ALERT_RETRY_SCHEDULE: chosen.?ALERT_RETRY_SCHEDULE ?? ''
      ALERT_WEBHOOK_SECRET: webhook.secret
      ALERT_WEBHOOK_URL: webhook.url
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${reader.clientId};Authorization=AAD'
      APPLICATIONINSIGHTS_CONNECTION_STRING: connection.insightsConnectionString
      ARM_ENDPOINT: chosen.?ARM_ENDPOINT ?? ''
      AZURE_CLIENT_ID: reader.clientId
      AZURE_CLOUD: environment().name
      AZURE_CONCURRENCY: chosen.?AZURE_CONCURRENCY ?? ''
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
      AzureWebJobsStorage__blobServiceUri: connection.blobUri
      AzureWebJobsStorage__clientId: reader.clientId
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__queueServiceUri: connection.queueUri
      AzureWebJobsStorage__tableServiceUri: connection.tableUri
      FindingsStorage__clientId: reader.clientId
      FindingsStorage__tableServiceUri: connection.tableUri
      INVENTORY: chosen.?INVENTORY ?? ''
      KEY_EXPIRY_WARNING_DAYS: chosen.?KEY_EXPIRY_WARNING_DAYS ?? ''
      KEY_MAX_AGE_DAYS: chosen.?KEY_MAX_AGE_DAYS ?? ''
      KEY_MIN_BITS: chosen.?KEY_MIN_BITS ?? ''
      KEY_ROTATION_LAG_HOURS: chosen.?KEY_ROTATION_LAG_HOURS ?? ''
      MANAGEMENT_GROUP_ID: watched.managementGroupId
      REASSESS_DAYS: chosen.?REASSESS_DAYS ?? ''
      RULES_DISABLED: chosen.?RULES_DISABLED ?? ''
      RULES_ENABLED: chosen.?RULES_ENABLED ?? ''
      SOFT_DELETE_MIN_DAYS: chosen.?SOFT_DELETE_MIN_DAYS ?? ''
      SUBSCRIPTION_IDS: watched.subscriptionIds
      SWEEP_SCHEDULE: chosen.?SWEEP_SCHEDULE ?? ''
      SWEEP_TIMEOUT_MINUTES: chosen.?SWEEP_TIMEOUT_MINUTES ?? ''
      TRUSTED_SERVICES_USER_IDENTITY: chosen.?TRUSTED_SERVICES_USER_IDENTITY ?? ''
    }
  }

  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: connection.workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}

@description('Resource id of the function app.')
output appId string = app.id

@description('Address of the API.')
output apiUri string = 'https://${app.properties.defaultHostName}/api'
