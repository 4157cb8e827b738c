# Before azd removes the resource group: what lies outside of it, so that nothing is left but the vault.
Set-Location (Join-Path $PSScriptRoot '../..')
. ./infra/hooks/steps.ps1

$subscriptionOfMonitor = Get-Setting AZURE_SUBSCRIPTION_ID
$environment = Get-Setting AZURE_ENV_NAME
$resourceGroup = Get-Setting AZURE_RESOURCE_GROUP "rg-$environment"
$eventsGroup = Get-Setting EVENTS_RESOURCE_GROUP "rg-$environment-events"
$eventSubscription = Get-Setting EVENT_SUBSCRIPTION_NAME
$policy = Get-Setting EVENT_POLICY_NAME
$reader = Get-Setting READER_PRINCIPAL_ID

# Deletes the role assignments of a principal that the further arguments pick.
function Remove-Assignments([string] $Principal, [string[]] $Where) {
  $ids = Invoke-Tool az (@('role', 'assignment', 'list', '--assignee', $Principal) + $Where + @('--query', '[].id', '--output', 'tsv'))
  foreach ($id in $ids) { Invoke-Tool az @('role', 'assignment', 'delete', '--ids', $id) }
}

# Deletes custom roles of this monitor; their names end in what tells monitors apart.
function Remove-Roles([string] $Scope) {
  $names = Invoke-Tool az @('role', 'definition', 'list', '--custom-role-only', 'true', '--scope', $Scope,
    '--query', "[?starts_with(roleName, 'ACR CMK monitor ') && contains(roleName, '($environment, $prefix')].name", '--output', 'tsv')
  foreach ($name in $names) { Invoke-Tool az @('role', 'definition', 'delete', '--name', $name, '--scope', $Scope) }
}

# Whatever GUARDRAILS says now: switching them off leaves them assigned.
function Remove-Guardrails([string] $Scope) {
  $names = Invoke-Tool az @('policy', 'assignment', 'list', '--scope', $Scope,
    '--query', "[?metadata.assignedBy=='ACR CMK monitor ($environment, $prefix)'].name", '--output', 'tsv')
  foreach ($name in $names) { Invoke-Tool az @('policy', 'assignment', 'delete', '--name', $name, '--scope', $Scope) }
}

function Remove-EventsGroup([string] $Subscription) {
  $exists = Invoke-Tool az @('group', 'exists', '--subscription', $Subscription, '--name', $eventsGroup)
  if ("$exists" -eq 'true') { Invoke-Tool az @('group', 'delete', '--subscription', $Subscription, '--name', $eventsGroup, '--yes') }
}

function Remove-Policy([string] $Scope) {
  if (-not $policy) { return }
  $writer = Invoke-Tool az @('policy', 'assignment', 'list', '--scope', $Scope,
    '--query', "[?name=='$policy'].identity.principalId", '--output', 'tsv')
  if ($writer) {
    Remove-Assignments "$writer" @('--scope', $Scope)
    Remove-Assignments "$writer" @('--subscription', $subscriptionOfMonitor, '--all')
    Invoke-Tool az @('policy', 'assignment', 'delete', '--name', $policy, '--scope', $Scope)
  }
  Invoke-Tool az @('policy', 'definition', 'delete', '--name', $policy, '--management-group', $script:group)
}

# Of a deployment that did not end there are no outputs.
function Find-Reader {
  $exists = Invoke-Tool az @('group', 'exists', '--subscription', $subscriptionOfMonitor, '--name', $resourceGroup)
  if ("$exists" -eq 'true') {
    Invoke-Tool az @('identity', 'list', '--subscription', $subscriptionOfMonitor, '--resource-group', $resourceGroup,
      '--query', "[?starts_with(name, 'id-') && !starts_with(name, 'id-events-')].principalId", '--output', 'tsv')
  }
}

# Deletes the right of the monitor's identity to read, where there is an identity.
function Remove-Reading([string[]] $Where) {
  if ($reader) { Remove-Assignments $reader $Where }
}

# Without outputs no event was subscribed to.
function Remove-EventSubscription($Topic) {
  if (-not $eventSubscription) { return }
  Invoke-Tool az @('eventgrid', 'system-topic', 'event-subscription', 'delete', '--subscription', $Topic.subscriptionId,
    '--resource-group', $Topic.resourceGroup, '--system-topic-name', $Topic.name,
    '--name', $eventSubscription, '--yes')
}

if (-not $subscriptionOfMonitor) {
  Write-Host '- nothing was deployed: the environment has no subscription'
  exit 0
}
$prefix = "$subscriptionOfMonitor        ".Substring(0, 8).Trim().ToLowerInvariant()
$roleScope = "/subscriptions/$subscriptionOfMonitor/resourceGroups/$resourceGroup"
if (-not $reader) {
  $found = Ask 'find the identity of a deployment that did not end' { Find-Reader }
  $reader = "$found"
  $roleScope = "/subscriptions/$subscriptionOfMonitor"
}

Find-Scope
foreach ($topic in $script:topics) {
  Step "delete the event subscription on $($topic.name)" { Remove-EventSubscription $topic }
}

$scope = "/providers/Microsoft.Management/managementGroups/$script:group"
if ($script:group) {
  Step 'delete the policy for new subscriptions' { Remove-Policy $scope }
  Step "delete the right to read $script:group" { Remove-Reading @('--scope', $scope) }
  Step "delete the guardrails of $script:group" { Remove-Guardrails $scope }
}

foreach ($subscription in $script:watched) {
  Step "delete the events of $subscription" { Remove-EventsGroup $subscription }
  if (-not $script:group) {
    Step "delete the right to read $subscription" {
      Remove-Reading @('--subscription', $subscription, '--scope', "/subscriptions/$subscription")
    }
    Step "delete the guardrails of $subscription" { Remove-Guardrails "/subscriptions/$subscription" }
  }
}

if ($script:group) {
  Step 'delete the custom roles of the management group' { Remove-Roles $scope }
}
Step 'delete the custom roles' { Remove-Roles $roleScope }
Remove-WorkFolder
