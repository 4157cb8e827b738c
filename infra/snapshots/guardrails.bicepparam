using '../main.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
param operatorEmail = 'registry-operators@contoso.example'
// Twice, and in both cases: one subscription all the same.
param subscriptionIds = '00000000-0000-0000-0000-000000000001,AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA,aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa,22222222-2222-2222-2222-222222222222'
param guardrails = 'Audit'
param guardrailExemptions = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-sandbox,/Subscriptions/22222222-2222-2222-2222-222222222222'
