metadata description = 'Rules that tell an operator when the monitor itself is in trouble.'

import { deadLetterContainer, names, tagsByName } from '../naming.bicep'

@description('What a rule looks for, and when it fires.')
type rule = {
  @description('Name of the rule.')
  name: string

  @description('What it means, in the message.')
  title: string

  @description('What to do about it, in the message.')
  description: string

  @description('From 0, critical, to 4.')
  severity: int

  @description('Query whose rows are counted.')
  query: string

  @description('Span that the query looks at.')
  window: string

  @description('How often it is asked.')
  frequency: string

  @description('How the count is compared.')
  operator: 'GreaterThan' | 'LessThan'

  @description('What it is compared with.')
  threshold: int

  @description('How many windows in a row it must hold before the rule fires: Azure looks at that many windows, not at that many evaluations.')
  periods: int
}

@description('Names of the resources of this monitor.')
param name names

@description('Azure region.')
param location string

@description('Tags of all resources.')
param tags tagsByName

@description('Workspace that the rules ask.')
param workspaceId string

@description('Who is told.')
param operatorEmail string

@description('Time without a completed sweep after which one is overdue: at least twice the time between two sweeps.')
param sweepOverdueAfter string

var rules rule[] = [
  {
    name: 'sweep-overdue'
    title: 'No sweep has completed for too long'
    description: 'No run of the function sweep succeeded within ${sweepOverdueAfter}: what happened meanwhile is only known from events. See the log of its last run.'
    severity: 1
    query: 'AppRequests | where AppRoleName =~ "${name.functionApp}" and OperationName =~ "sweep" and Success == true'
    window: sweepOverdueAfter
    frequency: 'PT30M'
    operator: 'LessThan'
    threshold: 1
    periods: 1
  }
  {
    name: 'dead-alerts'
    title: 'An alert was given up'
    description: 'The receiver of alerts refused one, or did not take it in all tries. It is kept as dead in the table findings.'
    severity: 1
    query: 'AppTraces | where AppRoleName =~ "${name.functionApp}" and Message startswith "Alert " and Message has "is dead after"'
    window: 'PT15M'
    frequency: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
    periods: 1
  }
  {
    name: 'function-failures'
    title: 'Functions fail'
    description: 'More than three runs of functions failed within 15 minutes, or the app can not start: see its exceptions.'
    severity: 2
    query: 'union isfuzzy=true (AppRequests | where AppRoleName =~ "${name.functionApp}" and Success == false), (AppExceptions | where AppRoleName =~ "${name.functionApp}" and SeverityLevel >= 3) | summarize by Run = iff(isempty(OperationId), tostring(TimeGenerated), OperationId)'
    window: 'PT15M'
    frequency: 'PT15M'
    operator: 'GreaterThan'
    threshold: 3
    periods: 1
  }
  {
    name: 'dead-lettered-events'
    title: 'An event could not be delivered'
    description: 'Event Grid gave an event up and wrote it to the container ${deadLetterContainer} of ${name.deadLetterAccount}. The next sweep finds what it told.'
    severity: 2
    query: 'StorageBlobLogs | where AccountName =~ "${name.deadLetterAccount}" and Category == "StorageWrite" and ObjectKey contains "/${deadLetterContainer}/" and StatusText =~ "Success"'
    window: 'PT15M'
    frequency: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
    periods: 1
  }
]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name.actionGroup
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'acr-cmk'
    emailReceivers: [{ name: 'operator', emailAddress: operatorEmail, useCommonAlertSchema: true }]
  }
}

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: '${name.functionApp}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${rule.title} (${name.functionApp})'
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      autoMitigate: true
      // Tables that nobody has written to yet are not known to a new workspace.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              minFailingPeriodsToAlert: rule.periods
              numberOfEvaluationPeriods: rule.periods
            }
          }
        ]
      }
      actions: { actionGroups: [operators.id] }
    }
  }
]
