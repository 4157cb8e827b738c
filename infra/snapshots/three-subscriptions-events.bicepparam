using '../events.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
param subscriptionIds = '11111111-1111-1111-1111-111111111111, 22222222-2222-2222-2222-222222222222, 33333333-3333-3333-3333-333333333333'
param existingSystemTopics = [
  {
    subscriptionId: '22222222-2222-2222-2222-222222222222'
    resourceGroup: 'rg-automation'
    name: 'evgt-automation'
    identity: 'SystemAssigned'
  }
]
param tags = { costCenter: '4711' }
