metadata description = 'Events of all watched subscriptions, deployed once the code is there: Event Grid asks for the function before it subscribes.'

targetScope = 'subscription'

import { deadLetterContainer, eventFunction, namesOf, tagsByName, toIds } from 'naming.bicep'

@description('A system topic that a watched subscription already has; there can be but one.')
type systemTopic = {
  @description('The subscription, which the topic is in too.')
  subscriptionId: string

  @description('Resource group of the topic.')
  resourceGroup: string

  @description('Name of the topic.')
  name: string

  @description('Identity of the topic that can write dead letters: SystemAssigned, or the resource id of a user-assigned one that may already; left out where it has none.')
  identity: string?
}

@description('Name of the environment, as main.bicep was given it.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Azure region of the resource groups made in the watched subscriptions.')
param location string

@description('Subscriptions to watch, separated by commas; empty for the one deployed to. For a management group: the subscriptions below it.')
param subscriptionIds string = ''

@description('System topics that watched subscriptions already have.')
param existingSystemTopics systemTopic[] = []

@description('Tags of all resources.')
param tags tagsByName = {}

var name = namesOf(environmentName, subscription().subscriptionId)
// Not azd's own tag: by that it would take these resource groups for its own.
var allTags = union({ application: 'acr-cmk-monitor', environment: environmentName }, tags)
var home = toLower(subscription().subscriptionId)
var watched = empty(toIds(subscriptionIds)) ? [home] : toIds(subscriptionIds)
var topics = filter(existingSystemTopics, topic => contains(watched, toLower(topic.subscriptionId)))
var withTopic = map(topics, topic => toLower(topic.subscriptionId))
var withoutTopic = filter(watched, id => !contains(withTopic, id))
var ownIdentities = filter(topics, topic => topic.?identity == 'SystemAssigned')

var functionId = resourceId(
  subscription().subscriptionId,
  name.resourceGroup,
  'Microsoft.Web/sites/functions',
  name.functionApp,
  eventFunction
)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' existing = {
  name: name.resourceGroup
}

resource deadLetterAccount 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: name.deadLetterAccount
  scope: group
}

resource eventIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: name.eventIdentity
  scope: group
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' existing = {
  name: name.workspace
  scope: group
}

module subscribed 'modules/events/subscription.bicep' = [
  for id in withoutTopic: {
    scope: subscription(id)
    params: {
      location: location
      resourceGroupName: name.eventsResourceGroup
      topicName: name.systemTopic
      eventSubscriptionName: name.eventSubscription
      functionId: functionId
      deadLetterAccountId: deadLetterAccount.id
      deadLetterContainer: deadLetterContainer
      eventIdentityId: eventIdentity.id
      workspaceId: workspace.id
      tags: allTags
    }
  }
]

module identified 'modules/events/existing-topic.bicep' = [
  for topic in ownIdentities: {
    scope: resourceGroup(topic.subscriptionId, topic.resourceGroup)
    params: { topicName: topic.name }
  }
]

module admitted 'modules/events/dead-letter-access.bicep' = [
  for (topic, index) in ownIdentities: {
    scope: group
    params: {
      accountName: name.deadLetterAccount
      topicId: resourceId(topic.subscriptionId, topic.resourceGroup, 'Microsoft.EventGrid/systemTopics', topic.name)
      principalId: identified[index].outputs.principalId
    }
  }
]

module joined 'modules/events/event-subscription.bicep' = [
  for topic in topics: {
    scope: resourceGroup(topic.subscriptionId, topic.resourceGroup)
    params: {
      topicName: topic.name
      eventSubscriptionName: name.eventSubscription
      functionId: functionId
      deadLetterAccountId: deadLetterAccount.id
      deadLetterContainer: deadLetterContainer
      deadLetterIdentity: topic.?identity ?? ''
    }
    dependsOn: [admitted]
  }
]
