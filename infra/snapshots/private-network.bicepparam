using '../main.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
param operatorEmail = 'registry-operators@contoso.example'
param privateNetwork = true
param allowedAddresses = '198.51.100.0/28'
param alertWebhookUrl = 'https://hooks.contoso.example/registries'
param alertWebhookSecret = 'whsec_bm90IGEgc2VjcmV0LCBhbiBleGFtcGxl'
