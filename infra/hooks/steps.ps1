# What all hooks share: a step that fails ends the hook and says its name.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

function Stop-Hook([string] $Name) {
  [Console]::Error.WriteLine("Step failed: $Name")
  exit 1
}

# A setting of the environment; empty where it is not set.
function Get-Setting([string] $Name, [string] $Default = '') {
  $value = [Environment]::GetEnvironmentVariable($Name)
  if ([string]::IsNullOrEmpty($value)) { $Default } else { $value }
}

# Runs a command, and fails as it does; what it prints is passed on, without empty lines.
function Invoke-Tool([string] $Tool, [string[]] $Arguments) {
  $lines = & $Tool @Arguments
  if ($LASTEXITCODE -ne 0) { throw "$Tool ended with $LASTEXITCODE" }
  @($lines | Where-Object { $_ })
}

# Runs a block under a name.
function Step([string] $Name, [scriptblock] $Action) {
  Write-Host "- $Name"
  try { & $Action | Out-Host } catch { Stop-Hook $Name }
}

# Runs a block under a name and returns what it prints.
function Ask([string] $Name, [scriptblock] $Action) {
  Write-Host "- $Name"
  try { , @(& $Action) } catch { Stop-Hook $Name }
}

# Asks Resource Graph about all subscriptions in scope; returns the lines that the JMESPath picks, separated by tabs.
function Get-FromGraph([string] $Query, [string] $Pick) {
  $body = [ordered]@{}
  if ($script:group) { $body.managementGroups = @($script:group) } else { $body.subscriptions = $script:watched }
  $body.query = $Query
  $body.options = @{ resultFormat = 'objectArray' }
  $body | ConvertTo-Json -Compress | Set-Content -NoNewline -Path "$script:work/query.json"
  Invoke-Tool az @('rest', '--method', 'post', '--url',
    "$script:arm/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01",
    '--body', "@$script:work/query.json", '--query', $Pick, '--output', 'tsv')
}

# Finds the subscriptions in scope ($watched), and the system topics that others made for them ($topics).
function Find-Scope {
  $script:work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
  New-Item -ItemType Directory -Path $script:work | Out-Null
  $script:group = Get-Setting MANAGEMENT_GROUP_ID
  $script:arm = (Ask 'find Resource Manager' {
      Invoke-Tool az @('cloud', 'show', '--query', 'endpoints.resourceManager', '--output', 'tsv')
    })[0].TrimEnd('/')
  $given = Get-Setting SUBSCRIPTION_IDS (Get-Setting AZURE_SUBSCRIPTION_ID)
  $script:watched = @($given -split '[\s,]+' | Where-Object { $_ })
  if ($script:group) {
    $found = Ask "find the subscriptions below $script:group" {
      Get-FromGraph "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' and properties.state =~ 'Enabled' | summarize ids = make_list(subscriptionId) | project ids = strcat_array(ids, ',')" 'data[0].ids'
    }
    $script:watched = @("$found" -split ',' | Where-Object { $_ })
  }
  $eventsGroup = Get-Setting EVENTS_RESOURCE_GROUP "rg-$(Get-Setting AZURE_ENV_NAME)-events"
  $rows = Ask 'find the system topics that are there already' {
    Get-FromGraph "resources | where type =~ 'microsoft.eventgrid/systemtopics' and tostring(properties.topicType) =~ 'Microsoft.Resources.Subscriptions' and resourceGroup !~ '$eventsGroup' | project subscriptionId, resourceGroup, name, identity = iff(tostring(identity.type) contains 'SystemAssigned', 'SystemAssigned', '')" 'data[].[subscriptionId, resourceGroup, name, identity]'
  }
  $script:topics = @($rows | ForEach-Object {
      $fields = "$_`t`t`t" -split "`t"
      [ordered]@{ subscriptionId = $fields[0]; resourceGroup = $fields[1]; name = $fields[2]; identity = $fields[3] }
    })
}

function Remove-WorkFolder {
  Remove-Item -Recurse -Force -Path $script:work
}
