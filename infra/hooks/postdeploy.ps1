# After the code is there: Event Grid would not subscribe a function that does not exist yet.
Set-Location (Join-Path $PSScriptRoot '../..')
. ./infra/hooks/steps.ps1

$subscription = Get-Setting AZURE_SUBSCRIPTION_ID
$environment = Get-Setting AZURE_ENV_NAME
$location = Get-Setting AZURE_LOCATION
$resourceGroup = Get-Setting AZURE_RESOURCE_GROUP
$functionApp = Get-Setting FUNCTION_APP_NAME

function Publish-Events {
  Invoke-Tool az @('deployment', 'sub', 'create', '--subscription', $subscription, '--location', $location,
    '--name', "$environment-events", '--template-file', 'infra/azuredeploy-events.json',
    '--parameters', "@$script:work/topics.json", "environmentName=$environment", "location=$location",
    "subscriptionIds=$($script:watched -join ',')", '--output', 'none')
}

function Publish-Group {
  $withTopic = @($script:topics | ForEach-Object { $_.subscriptionId }) -join ','
  Invoke-Tool az @('deployment', 'mg', 'create', '--management-group-id', $script:group, '--location', $location,
    '--name', $environment, '--template-file', 'infra/azuredeploy-management-group.json',
    '--parameters', "environmentName=$environment", "location=$location",
    "monitorSubscriptionId=$subscription", "subscriptionIdsWithTopic=$withTopic",
    "guardrails=$(Get-Setting GUARDRAILS 'Off')", "guardrailExemptions=$(Get-Setting GUARDRAIL_EXEMPTIONS)",
    "additionalReadActions=$(Get-Setting ADDITIONAL_READ_ACTIONS)", '--output', 'none')
}

# References to the vault are kept for a day, and those of a new app were asked for before its role was known everywhere.
function Update-Secrets {
  Invoke-Tool az @('rest', '--method', 'post', '--output', 'none', '--url',
    "$script:arm/subscriptions/$subscription/resourceGroups/$resourceGroup/providers/Microsoft.Web/sites/$functionApp/config/configreferences/appsettings/refresh?api-version=2022-03-01")
}

# A function, an identity or a role is known everywhere some minutes after it was made.
function Invoke-Patiently([string] $Command) {
  $seconds = Get-Setting RETRY_SECONDS '60'
  foreach ($try in 1..3) {
    try { return & $Command } catch {
      if ($try -eq 3) { throw }
      [Console]::Error.WriteLine("  not yet; trying again in $seconds seconds")
      Start-Sleep -Seconds $seconds
    }
  }
}

Find-Scope
if (Get-Setting ALERT_WEBHOOK_URL) {
  Step 'let the app read its secrets anew' { Invoke-Patiently Update-Secrets }
}
Step 'write down what is there for the template' {
  @{ existingSystemTopics = @{ value = @($script:topics) } } | ConvertTo-Json -Depth 5 -Compress |
    Set-Content -NoNewline -Path "$script:work/topics.json"
}
Step 'subscribe to the events of all subscriptions' { Invoke-Patiently Publish-Events }

if ($script:group) {
  Step "deploy role and policies of $script:group" { Invoke-Patiently Publish-Group }
}
Remove-WorkFolder

$api = Get-Setting API_URI
$vault = Get-Setting KEY_VAULT_NAME
$app = "--subscription $subscription --resource-group $resourceGroup --name $functionApp"
Write-Host @"

The monitor is deployed.

  API                $api
  A key for it       `$KEY = az functionapp keys list $app --query functionKeys.default --output tsv
  Sweep now          Invoke-RestMethod -Method Post -Uri $($api -replace '/api$')/admin/functions/sweep -ContentType application/json -Body '{}' ``
                       -Headers @{ 'x-functions-key' = (az functionapp keys list $app --query masterKey --output tsv) }
  Watch the sweep    Invoke-RestMethod -Headers @{ 'x-functions-key' = `$KEY } "$api/sweeps?limit=1"
  What it found      Invoke-RestMethod -Headers @{ 'x-functions-key' = `$KEY } "$api/findings?status=open"
"@
if (Get-Setting ALERT_WEBHOOK_URL) {
  Write-Host @"
  Signing secret     az keyvault secret show --vault-name $vault --name alert-webhook-secret --query value --output tsv
  Send a test alert  Invoke-RestMethod -Method Post -Headers @{ 'x-functions-key' = `$KEY } "$api/alerts/test"
"@
} else {
  Write-Host '  Alerts             are off: azd env set ALERT_WEBHOOK_URL https://... ; azd up'
}
