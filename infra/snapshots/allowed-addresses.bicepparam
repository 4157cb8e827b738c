using '../main.bicep'

param environmentName = 'ACR-CMK-monitor'
param location = 'westeurope'
param operatorEmail = 'registry-operators@contoso.example'
// Twice, in both cases, and split in all ways: one subscription all the same.
param subscriptionIds = '00000000-0000-0000-0000-000000000001;AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa, 22222222-2222-2222-2222-222222222222'
param allowedAddresses = '198.51.100.0/28, 203.0.113.7/32'
param tags = { 'azd-env-name': 'another' }
