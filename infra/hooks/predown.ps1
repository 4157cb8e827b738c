# Before azd removes the resource group: what lies outside of it, so that nothing is left but the vault.
Set-Location (Join-Path $PSScriptRoot '../..')
. ./infra/hooks/steps.ps1

$subscriptionOfMonitor = Get-Setting AZURE_SUBSCRIPTION_ID
$environment = Get-Setting AZURE_ENV_NAME
$eventsGroup = Get-Setting EVENTS_RESOURCE_GROUP
$policy = Get-Setting EVENT_POLICY_NAME
$reader = Get-Setting READER_PRINCIPAL_ID

# Deletes the role assignments of a principal that the further arguments pick.
function Remove-Assignments([string] $Principal, [string[]] $Where) {
  $ids = Invoke-Tool az (@('role', 'assignment', 'list', '--assignee', $Principal) + $Where + @('--query', '[].id', '--output', 'tsv'))
  foreach ($id in $ids) { Invoke-Tool az @('role', 'assignment', 'delete', '--ids', $id) }
}

# Deletes custom roles of this environment; their names end in what tells environments apart.
function Remove-Roles([string] $Scope) {
  $names = Invoke-Tool az @('role', 'definition', 'list', '--custom-role-only', 'true', '--scope', $Scope,
    '--query', "[?starts_with(roleName, 'ACR CMK monitor ') && contains(roleName, '($environment, ')].name", '--output', 'tsv')
  foreach ($name in $names) { Invoke-Tool az @('role', 'definition', 'delete', '--name', $name, '--scope', $Scope) }
}

function Remove-Guardrails([string] $Scope) {
  if ((Get-Setting GUARDRAILS 'Off') -eq 'Off') { return }
  $names = Invoke-Tool az @('policy', 'assignment', 'list', '--scope', $Scope,
    '--query', "[?name=='acr-cmk-registry' || name=='acr-cmk-vault' || name=='acr-cmk-hsm'].name", '--output', 'tsv')
  foreach ($name in $names) { Invoke-Tool az @('policy', 'assignment', 'delete', '--name', $name, '--scope', $Scope) }
}

function Remove-EventsGroup([string] $Subscription) {
  $exists = Invoke-Tool az @('group', 'exists', '--subscription', $Subscription, '--name', $eventsGroup)
  if ("$exists" -eq 'true') { Invoke-Tool az @('group', 'delete', '--subscription', $Subscription, '--name', $eventsGroup, '--yes') }
}

function Remove-Policy([string] $Scope) {
  $writer = Invoke-Tool az @('policy', 'assignment', 'list', '--scope', $Scope,
    '--query', "[?name=='$policy'].identity.principalId", '--output', 'tsv')
  if ($writer) {
    Remove-Assignments "$writer" @('--scope', $Scope)
    Remove-Assignments "$writer" @('--subscription', $subscriptionOfMonitor, '--all')
    Invoke-Tool az @('policy', 'assignment', 'delete', '--name', $policy, '--scope', $Scope)
  }
  Invoke-Tool az @('policy', 'definition', 'delete', '--name', $policy, '--management-group', $script:group)
}

Find-Scope
foreach ($topic in $script:topics) {
  Step "delete the event subscription on $($topic.name)" {
    Invoke-Tool az @('eventgrid', 'system-topic', 'event-subscription', 'delete', '--subscription', $topic.subscriptionId,
      '--resource-group', $topic.resourceGroup, '--system-topic-name', $topic.name,
      '--name', (Get-Setting EVENT_SUBSCRIPTION_NAME), '--yes')
  }
}

$scope = "/providers/Microsoft.Management/managementGroups/$script:group"
if ($script:group) {
  Step 'delete the policy for new subscriptions' { Remove-Policy $scope }
  Step "delete the right to read $script:group" { Remove-Assignments $reader @('--scope', $scope) }
  Step "delete the guardrails of $script:group" { Remove-Guardrails $scope }
}

foreach ($subscription in $script:watched) {
  Step "delete the events of $subscription" { Remove-EventsGroup $subscription }
  if (-not $script:group) {
    Step "delete the right to read $subscription" {
      Remove-Assignments $reader @('--subscription', $subscription, '--scope', "/subscriptions/$subscription")
    }
    Step "delete the guardrails of $subscription" { Remove-Guardrails "/subscriptions/$subscription" }
  }
}

if ($script:group) {
  Step 'delete the custom roles of the management group' { Remove-Roles $scope }
}
Step 'delete the custom roles' {
  Remove-Roles "/subscriptions/$subscriptionOfMonitor/resourceGroups/$(Get-Setting AZURE_RESOURCE_GROUP)"
}
Remove-WorkFolder
