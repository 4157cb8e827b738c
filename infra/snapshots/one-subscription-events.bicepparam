using '../events.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
