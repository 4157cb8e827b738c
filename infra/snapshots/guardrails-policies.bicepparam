using '../management-group.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
param monitorSubscriptionId = '00000000-0000-0000-0000-000000000001'
param guardrails = 'Deny'
param guardrailExemptions = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-sandbox'
param remediationName = 'november'
