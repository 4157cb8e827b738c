metadata description = 'The policy that gives a new subscription its events, and the rights to do so.'

targetScope = 'managementGroup'

import { deadLetterContainer, names, tagsByName } from '../naming.bicep'
import { eventWriterActions } from '../roles.bicep'

@description('Names of the resources of the monitor.')
param name names

@description('Name of the monitor\'s environment.')
param environmentName string

@description('Azure region of the policy\'s identity, of its deployments and of the resource groups that it makes.')
param location string

@description('Subscription that the monitor is deployed in.')
param monitorSubscriptionId string

@description('Resource id of the function that is called.')
param functionId string

@description('Resource id of the storage account for events that could not be delivered.')
param deadLetterAccountId string

@description('Resource id of the identity by which they are written.')
param eventIdentityId string

@description('Resource ids of the subscriptions that the policy leaves alone, as they have a system topic of their own.')
param exemptedScopes string[]

@description('Name of a remediation of subscriptions that are there already; empty for none.')
param remediationName string

@description('Tags of what the policy makes.')
param tags tagsByName

resource writerRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, monitorSubscriptionId, environmentName, 'event-writer')
  properties: {
    roleName: 'ACR CMK monitor event writer (${environmentName}, ${take(monitorSubscriptionId, 8)})'
    description: 'Makes a resource group, a system topic and an event subscription in a subscription.'
    type: 'CustomRole'
    assignableScopes: [managementGroup().id]
    permissions: [{ actions: eventWriterActions.subscription, notActions: [] }]
  }
}

resource definition 'Microsoft.Authorization/policyDefinitions@2026-07-01' = {
  name: name.eventPolicy
  properties: {
    displayName: 'Subscriptions send resource events to the ACR CMK monitor (${environmentName})'
    description: 'Makes a system topic and an event subscription in each subscription that has no topic of this name.'
    mode: 'All'
    policyType: 'Custom'
    metadata: { category: 'Event Grid' }
    parameters: {
      deadLetterAccountId: { type: 'String' }
      deadLetterContainer: { type: 'String' }
      eventIdentityId: { type: 'String' }
      eventSubscriptionName: { type: 'String' }
      functionId: { type: 'String' }
      location: { type: 'String' }
      resourceGroupName: { type: 'String' }
      topicName: { type: 'String' }
      tags: { type: 'Object' }
    }
    policyRule: {
      if: { field: 'type', equals: 'Microsoft.Resources/subscriptions' }
      then: {
        effect: 'deployIfNotExists'
        details: {
          type: 'Microsoft.EventGrid/systemTopics'
          existenceScope: 'subscription'
          existenceCondition: { field: 'name', equals: '[parameters(\'topicName\')]' }
          deploymentScope: 'subscription'
          evaluationDelay: 'AfterProvisioning'
          roleDefinitionIds: [tenantResourceId('Microsoft.Authorization/roleDefinitions', writerRole.name)]
          deployment: {
            location: location
            properties: {
              mode: 'incremental'
              parameters: {
                deadLetterAccountId: { value: '[parameters(\'deadLetterAccountId\')]' }
                deadLetterContainer: { value: '[parameters(\'deadLetterContainer\')]' }
                eventIdentityId: { value: '[parameters(\'eventIdentityId\')]' }
                eventSubscriptionName: { value: '[parameters(\'eventSubscriptionName\')]' }
                functionId: { value: '[parameters(\'functionId\')]' }
                location: { value: '[parameters(\'location\')]' }
                resourceGroupName: { value: '[parameters(\'resourceGroupName\')]' }
                topicName: { value: '[parameters(\'topicName\')]' }
                tags: { value: '[parameters(\'tags\')]' }
              }
              template: loadJsonContent('events/subscription.json')
            }
          }
        }
      }
    }
  }
}

resource assignment 'Microsoft.Authorization/policyAssignments@2026-07-01' = {
  name: name.eventPolicy
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    displayName: 'Resource events to the ACR CMK monitor (${environmentName})'
    enforcementMode: 'Default'
    notScopes: exemptedScopes
    parameters: {
      deadLetterAccountId: { value: deadLetterAccountId }
      deadLetterContainer: { value: deadLetterContainer }
      eventIdentityId: { value: eventIdentityId }
      eventSubscriptionName: { value: name.eventSubscription }
      functionId: { value: functionId }
      location: { value: location }
      resourceGroupName: { value: name.eventsResourceGroup }
      topicName: { value: name.systemTopic }
      tags: { value: tags }
    }
    policyDefinitionId: definition.id
  }
}

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, monitorSubscriptionId, environmentName, 'event-writes')
  properties: {
    principalId: assignment.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: writerRole.id
  }
}

module endpoint 'event-endpoint-access.bicep' = {
  scope: resourceGroup(monitorSubscriptionId, name.resourceGroup)
  params: { name: name, environmentName: environmentName, writerPrincipalId: assignment.identity.principalId }
}

resource remediation 'Microsoft.PolicyInsights/remediations@2024-10-01' = if (!empty(remediationName)) {
  name: remediationName
  properties: {
    parallelDeployments: 10
    policyAssignmentId: assignment.id
    resourceDiscoveryMode: 'ExistingNonCompliant'
  }
  dependsOn: [writes, endpoint]
}
