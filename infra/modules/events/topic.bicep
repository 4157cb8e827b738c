metadata description = 'A system topic of our own for the subscription that this resource group is in.'

@description('Name of the topic.')
param topicName string

@description('Tags of the topic.')
#disable-next-line use-user-defined-types // they would need a newer template language than policies are known to take
param tags object

@description('Resource id of the identity by which events that could not be delivered are written.')
param eventIdentityId string

@description('Resource id of the Log Analytics workspace for failed deliveries; empty for none.')
param workspaceId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: topicName
  // Topics of subscriptions belong to no region.
  #disable-next-line no-hardcoded-location
  location: 'global'
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${eventIdentityId}': {} } }
  properties: { source: subscription().id, topicType: 'Microsoft.Resources.Subscriptions' }
}

#disable-next-line use-recent-api-versions // the stable one knows no log categories by group
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(workspaceId)) {
  name: 'to-workspace'
  scope: topic
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'DeliveryFailures', enabled: true }]
  }
}

@description('Name of the topic, once it exists.')
output topicName string = topic.name
