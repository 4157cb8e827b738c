metadata description = 'Our event subscription on a system topic of an Azure subscription, whoever made that topic.'

@description('System topic, in this resource group.')
param topicName string

@description('Name of the event subscription.')
param eventSubscriptionName string

@description('Resource id of the function that is called.')
param functionId string

@description('Resource id of the storage account for events that could not be delivered.')
param deadLetterAccountId string

@description('Container of that account.')
param deadLetterContainer string

@description('Resource id of the user-assigned identity of the topic that writes them; SystemAssigned for the topic\'s own; empty where it has none, and then they are lost.')
param deadLetterIdentity string

var deadLetters = {
  deadLetterDestination: {
    endpointType: 'StorageBlob'
    properties: { blobContainerName: deadLetterContainer, resourceId: deadLetterAccountId }
  }
  identity: deadLetterIdentity == 'SystemAssigned'
    ? { type: 'SystemAssigned' }
    : { type: 'UserAssigned', userAssignedIdentity: deadLetterIdentity }
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource eventSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  name: eventSubscriptionName
  parent: topic
  properties: {
    deadLetterWithResourceIdentity: empty(deadLetterIdentity) ? null : deadLetters
    destination: {
      endpointType: 'AzureFunction'
      properties: { maxEventsPerBatch: 1, preferredBatchSizeInKilobytes: 64, resourceId: functionId }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      // Compared without case by Event Grid.
      advancedFilters: [
        {
          key: 'data.operationName'
          operatorType: 'StringIn'
          values: loadJsonContent('../../event-operations.json')
        }
      ]
      includedEventTypes: [
        'Microsoft.Resources.ResourceWriteSuccess'
        'Microsoft.Resources.ResourceDeleteSuccess'
      ]
    }
    retryPolicy: { eventTimeToLiveInMinutes: 1440, maxDeliveryAttempts: 30 }
  }
}
