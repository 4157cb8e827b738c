metadata description = 'Names of all resources, made from the environment: each entry finds by them what another one made.'

@export()
@description('Names of the resources of one monitor.')
type names = {
  @description('Resource group of the monitor.')
  resourceGroup: string

  @description('Function app.')
  functionApp: string

  @description('Plan of the function app.')
  plan: string

  @description('Storage account of the host, the deployed package and the findings.')
  storageAccount: string

  @description('Storage account of events that could not be delivered.')
  deadLetterAccount: string

  @description('Key Vault of the webhook and its signing secret.')
  vault: string

  @description('Identity that reads Azure, and that the function app runs as.')
  readerIdentity: string

  @description('Identity by which Event Grid writes events that could not be delivered.')
  eventIdentity: string

  @description('Log Analytics workspace.')
  workspace: string

  @description('Application Insights component.')
  insights: string

  @description('Action group that is told when the monitor itself is in trouble.')
  actionGroup: string

  @description('Virtual network, where private networking is asked for.')
  virtualNetwork: string
}

@export()
@description('The names of a monitor: the same environment in the same subscription always has the same ones.')
func namesOf(environmentName string, subscriptionId string) names => {
  resourceGroup: 'rg-${environmentName}'
  functionApp: 'func-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  plan: 'plan-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  storageAccount: 'st${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  deadLetterAccount: 'stdl${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  vault: 'kv-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  readerIdentity: 'id-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  eventIdentity: 'id-events-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  workspace: 'log-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  insights: 'appi-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  actionGroup: 'ag-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
  virtualNetwork: 'vnet-${uniqueString(toLower(subscriptionId), toLower(environmentName))}'
}

@export()
@description('The function that Event Grid calls, as the code names it.')
var eventFunction = 'resourceChanged'

@export()
@description('Container for events that could not be delivered.')
var deadLetterContainer = 'dead-letters'

@export()
@description('A list written with commas, semicolons or blanks, as the app splits its settings, without empty parts.')
func toList(text string) string[] => filter(split(text, [',', ';', ' ', '\t', '\n', '\r']), part => !empty(part))

@export()
@description('Subscription ids of such a list: in lower case, as Azure compares them without it but names are made of them, and each one once.')
func toIds(text string) string[] => union(map(toList(text), id => toLower(id)), [])

@export()
@description('Tags, by name.')
type tagsByName = {
  @description('Value of the tag.')
  *: string
}

@export()
@description('DNS zones of private endpoints, by what is reached.')
type zones = {
  @description('Blobs.')
  blob: string

  @description('Queues.')
  queue: string

  @description('Tables.')
  table: string

  @description('Key vaults.')
  vault: string

  @description('Function apps.')
  sites: string
}

var cloudZones = {
  AzureCloud: { sites: 'azurewebsites.net', vault: 'vaultcore.azure.net' }
  AzureUSGovernment: { sites: 'azurewebsites.us', vault: 'vaultcore.usgovcloudapi.net' }
  AzureChinaCloud: { sites: 'chinacloudsites.cn', vault: 'vaultcore.azure.cn' }
}

@export()
@description('The zones of a cloud (source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns).')
func zonesOf(cloud string, storageSuffix string) zones => {
  blob: 'privatelink.blob.${storageSuffix}'
  queue: 'privatelink.queue.${storageSuffix}'
  table: 'privatelink.table.${storageSuffix}'
  vault: 'privatelink.${cloudZones[cloud].vault}'
  sites: 'privatelink.${cloudZones[cloud].sites}'
}
