metadata description = 'Tells by which identity a system topic that somebody else made can write dead letters.'

@description('System topic, in this resource group.')
param topicName string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

@description('Object id of the topic\'s own identity.')
output principalId string = topic.identity.principalId
