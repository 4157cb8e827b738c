using '../main.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
param operatorEmail = 'registry-operators@contoso.example'
param managementGroupId = 'contoso'
param alertWebhookUrl = 'https://hooks.contoso.example/registries'
param alertWebhookSecret = 'whsec_bm90IGEgc2VjcmV0LCBhbiBleGFtcGxl'
