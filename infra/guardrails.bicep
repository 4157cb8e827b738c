metadata description = 'Built-in policies that keep registries and key holders as the monitor wants to see them.'

import { policies } from 'ids.bicep'

@export()
@description('How strict the guardrails are.')
type guardrailEffect = 'Off' | 'Audit' | 'Deny'

@export()
@description('The guardrails: names of their assignments (at most 24 characters), and what they ask for.')
var guardrails = [
  {
    name: 'acr-cmk-registry'
    policy: policies.registryCustomerManagedKey
    title: 'Container registries are encrypted with a customer-managed key'
  }
  {
    name: 'acr-cmk-vault'
    policy: policies.vaultDeletionProtection
    title: 'Key vaults are protected from deletion'
  }
  {
    name: 'acr-cmk-hsm'
    policy: policies.hsmPurgeProtection
    title: 'Managed HSMs are protected from purging'
  }
]
