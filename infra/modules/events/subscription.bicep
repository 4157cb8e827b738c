metadata description = 'Events of one subscription that has no system topic: a topic of ours in a resource group of its own, and our event subscription on it. The policy for new subscriptions deploys this template.'

targetScope = 'subscription'

@description('Azure region of the resource group.')
param location string

@description('Resource group of the topic.')
param resourceGroupName string

@description('Name of the topic.')
param topicName string

@description('Name of the event subscription.')
param eventSubscriptionName string

@description('Resource id of the function that is called.')
param functionId string

@description('Resource id of the storage account for events that could not be delivered.')
param deadLetterAccountId string

@description('Container of that account.')
param deadLetterContainer string

@description('Resource id of the identity by which they are written.')
param eventIdentityId string

@description('Resource id of the Log Analytics workspace for failed deliveries; empty for none.')
param workspaceId string = ''

@description('Tags of all resources.')
#disable-next-line use-user-defined-types // they would need a newer template language than policies are known to take
param tags object = {}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module topic 'topic.bicep' = {
  #disable-next-line no-module-name // without names the template would take a newer language than policies are known to take
  name: '${eventSubscriptionName}-topic'
  scope: group
  params: {
    topicName: topicName
    tags: tags
    eventIdentityId: eventIdentityId
    workspaceId: workspaceId
  }
}

module eventSubscription 'event-subscription.bicep' = {
  #disable-next-line no-module-name // without names the template would take a newer language than policies are known to take
  name: '${eventSubscriptionName}-subscribed'
  scope: group
  params: {
    topicName: topicName
    eventSubscriptionName: eventSubscriptionName
    functionId: functionId
    deadLetterAccountId: deadLetterAccountId
    deadLetterContainer: deadLetterContainer
    deadLetterIdentity: eventIdentityId
  }
  dependsOn: [topic]
}
