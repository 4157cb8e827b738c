using '../main.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
param operatorEmail = 'registry-operators@contoso.example'
param guardrails = 'Audit'
param guardrailExemptions = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-sandbox'
