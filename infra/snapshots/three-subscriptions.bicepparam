using '../main.bicep'

param environmentName = 'acr-cmk-monitor'
param location = 'westeurope'
param operatorEmail = 'registry-operators@contoso.example'
param subscriptionIds = '11111111-1111-1111-1111-111111111111, 22222222-2222-2222-2222-222222222222, 33333333-3333-3333-3333-333333333333'
param alertWebhookUrl = 'https://hooks.contoso.example/registries'
param alertWebhookSecret = 'whsec_bm90IGEgc2VjcmV0LCBhbiBleGFtcGxl'
param tuning = {
  SWEEP_SCHEDULE: '0 */30 * * * *'
  RULES_ENABLED: 'acr_publicnetwork,kv_noauditlog'
}
param tags = { costCenter: '4711' }
