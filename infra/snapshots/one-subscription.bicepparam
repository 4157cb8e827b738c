using '../main.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
param operatorEmail = 'registry-operators@contoso.example'
