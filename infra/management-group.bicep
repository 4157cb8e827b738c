metadata description = 'What a management group needs, beside main.bicep: the right to read it, the policy that gives new subscriptions their events, and the guardrails.'

targetScope = 'managementGroup'

import { guardrailEffect } from 'guardrails.bicep'
import { eventFunction, namesOf, tagsByName, toIds, toList } from 'naming.bicep'

@description('Name of the environment, as main.bicep was given it.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Azure region of the policy\'s identity and of the resource groups that the policy makes.')
param location string

@description('Subscription that main.bicep was deployed to.')
param monitorSubscriptionId string

@description('Subscriptions that already have a system topic, separated by commas: events.bicep sees to them, the policy leaves them alone.')
param subscriptionIdsWithTopic string = ''

@description('Built-in policies on registries and key holders: off, audit, or deny what does not comply.')
param guardrails guardrailEffect = 'Off'

@description('Resource ids of scopes that the guardrails leave alone, separated by commas.')
param guardrailExemptions string = ''

@description('Read actions of the custom role beside those in read-actions.json, separated by commas.')
param additionalReadActions string = ''

@description('Name of a remediation of subscriptions that are there already; empty for none. It finds what was evaluated before only, and one that is under way can not be written again.')
param remediationName string = ''

@description('Tags of what the policy makes, beside the environment\'s name.')
param tags tagsByName = {}

// Names are made of it, and Azure compares it without case.
var monitorId = toLower(monitorSubscriptionId)
var name = namesOf(environmentName, monitorId)
// Not azd's own tag: by that it would take these resource groups for its own.
var allTags = union({ application: 'acr-cmk-monitor', environment: environmentName }, tags)
var functionId = resourceId(
  monitorId,
  name.resourceGroup,
  'Microsoft.Web/sites/functions',
  name.functionApp,
  eventFunction
)

resource reader 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: name.readerIdentity
  scope: resourceGroup(monitorId, name.resourceGroup)
}

resource eventIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: name.eventIdentity
  scope: resourceGroup(monitorId, name.resourceGroup)
}

resource deadLetterAccount 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: name.deadLetterAccount
  scope: resourceGroup(monitorId, name.resourceGroup)
}

module readable 'modules/reader-management-group.bicep' = {
  params: {
    environmentName: environmentName
    identityName: name.readerIdentity
    monitorSubscriptionId: monitorId
    readerPrincipalId: reader.properties.principalId
    additionalReadActions: toList(additionalReadActions)
  }
}

module eventPolicy 'modules/event-policy.bicep' = {
  params: {
    name: name
    environmentName: environmentName
    location: location
    monitorSubscriptionId: monitorId
    functionId: functionId
    deadLetterAccountId: deadLetterAccount.id
    eventIdentityId: eventIdentity.id
    exemptedScopes: map(toIds(subscriptionIdsWithTopic), id => '/subscriptions/${id}')
    remediationName: remediationName
    tags: allTags
  }
}

module guarded 'modules/guardrails-management-group.bicep' = if (guardrails != 'Off') {
  params: {
    effect: guardrails == 'Deny' ? 'Deny' : 'Audit'
    assignedBy: 'ACR CMK monitor (${environmentName}, ${take(monitorId, 8)})'
    exemptedScopes: toList(guardrailExemptions)
  }
}
