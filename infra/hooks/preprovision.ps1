# Before anything is deployed: are we signed in, is a signing secret there, and does an old vault have to come back?
Set-Location (Join-Path $PSScriptRoot '../..')
. ./infra/hooks/steps.ps1

$subscription = Get-Setting AZURE_SUBSCRIPTION_ID
$environment = Get-Setting AZURE_ENV_NAME

Step 'look for the Azure CLI (install it from https://aka.ms/azure-cli)' { Get-Command az | Out-Null }
Step 'know the subscription (azd up asks for it; else: azd env set AZURE_SUBSCRIPTION_ID ID)' {
  if (-not $subscription) { throw 'none' }
}
Step 'use an environment name of at most 32 characters that does not end in a dot' {
  # It is part of the resource group's name.
  if ($environment.Length -gt 32 -or $environment.EndsWith('.')) { throw 'unusable' }
}
Step 'use the subscription in the Azure CLI (sign in with: az login)' {
  Invoke-Tool az @('account', 'show', '--subscription', $subscription, '--output', 'none')
}

if ((Get-Setting ALERT_WEBHOOK_URL) -and -not (Get-Setting ALERT_WEBHOOK_SECRET)) {
  $secret = Ask 'make a secret to sign alerts with' {
    [Convert]::ToBase64String([Security.Cryptography.RandomNumberGenerator]::GetBytes(32))
  }
  Step 'keep that secret in the environment' {
    Invoke-Tool azd @('env', 'set', 'ALERT_WEBHOOK_SECRET', "whsec_$($secret[0])")
  }
}

if ((Get-Setting PRIVATE_NETWORK) -eq 'true') {
  Step 'register Microsoft.App, which networks of function apps need' {
    Invoke-Tool az @('provider', 'register', '--namespace', 'Microsoft.App', '--subscription', $subscription,
      '--wait', '--output', 'none')
  }
}

$deleted = Ask 'look for a vault of this environment that was deleted' {
  Invoke-Tool az @('keyvault', 'list-deleted', '--subscription', $subscription, '--resource-type', 'vault',
    '--query', "[?contains(properties.vaultId, '/resourceGroups/rg-$environment/')].name",
    '--output', 'tsv')
}
$recover = if ($deleted) { 'true' } else { 'false' }
Step 'note whether it has to be brought back' { Invoke-Tool azd @('env', 'set', 'RECOVER_VAULT', $recover) }

if ((Get-Setting PRIVATE_NETWORK) -eq 'true' -and -not (Get-Setting ALLOWED_ADDRESSES)) {
  [Console]::Error.WriteLine('Private networking without ALLOWED_ADDRESSES: the code can only be deployed from inside the virtual network.')
}
