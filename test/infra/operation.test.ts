import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ofType, scenarios } from './snapshots.ts';

const rules = ofType('one-subscription', 'Microsoft.Insights/scheduledQueryRules');
const query = (name: string) =>
  rules.find((rule) => rule.name.endsWith(name))?.properties.criteria.allOf[0].query;

describe('alert rules', () => {
  it('tell an operator of overdue sweeps, dead alerts, failing functions and dead-lettered events', () => {
    expect(rules.map(({ name }) => name.replace(/^func-\w+-/, ''))).toEqual([
      'sweep-overdue',
      'dead-alerts',
      'function-failures',
      'dead-lettered-events',
    ]);
    const [operators] = ofType('one-subscription', 'Microsoft.Insights/actionGroups');
    expect(operators?.properties.emailReceivers[0].emailAddress).toBe('registry-operators@contoso.example');
    for (const { properties } of rules) expect(properties.actions.actionGroups).toEqual([operators?.id]);
  });

  it('look for the words that the code logs', () => {
    expect(query('dead-alerts')).toMatch(/startswith "Alert ".*has "is dead after"/);
    const code = readFileSync('src/monitor/alerts/deliver-alerts.ts', 'utf8');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what the code says.
    expect(code).toContain('`Alert ${alert.id} is dead after');
  });
});

describe("the rules' windows", () => {
  it('are what is asked for, as Azure looks at a window for each period', () => {
    for (const { properties } of rules) {
      const { failingPeriods } = properties.criteria.allOf[0];
      expect(failingPeriods).toEqual({ minFailingPeriodsToAlert: 1, numberOfEvaluationPeriods: 1 });
    }
    const overdue = rules.find(({ name }) => name.endsWith('sweep-overdue'));
    expect(overdue?.properties).toMatchObject({ windowSize: 'PT2H', evaluationFrequency: 'PT30M' });
  });

  /** Source: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule. */
  it('can only be such as Azure takes', () => {
    const { parameters } = JSON.parse(readFileSync('infra/azuredeploy.json', 'utf8'));
    const allowed = ['PT1H', 'PT2H', 'PT3H', 'PT4H', 'PT5H', 'PT6H', 'P1D', 'P2D'];
    expect(parameters.sweepOverdueAfter.allowedValues).toEqual(allowed);
  });

  it('count a failed run once, however many rows it wrote', () => {
    expect(query('function-failures')).toMatch(
      /\) \| summarize by Run = iff\(isempty\(OperationId\), tostring\(TimeGenerated\), OperationId\)$/,
    );
  });
});

describe('guardrails', () => {
  const assigned = (scenario: string) =>
    ofType(scenario, 'Microsoft.Authorization/policyAssignments').filter(
      ({ properties }) => properties.parameters.effect,
    );

  const home = '/subscriptions/00000000-0000-0000-0000-000000000001';

  it('are off unless they are asked for', () => {
    const others = scenarios.filter((scenario) => !scenario.startsWith('guardrails'));
    expect(others.flatMap(assigned)).toEqual([]);
  });

  /** Sources: https://learn.microsoft.com/azure/governance/policy/samples/built-in-policies. */
  const policies = [
    '5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580',
    '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53',
    'c39ba22d-4428-4149-b981-70acb31fc383',
  ];

  it('are the three built-in policies, audited on subscriptions with exempted scopes', () => {
    const found = assigned('guardrails').filter(({ id }) => id.startsWith(home));
    expect(found.map(({ properties }) => properties.policyDefinitionId.split('/').at(-1))).toEqual(policies);
    for (const { properties } of found) {
      expect(properties.parameters).toEqual({ effect: { value: 'Audit' } });
      expect(properties.notScopes).toEqual([`${home}/resourceGroups/rg-sandbox`]);
    }
  });

  it('leave a subscription alone that is exempted as a whole', () => {
    const subscriptions = assigned('guardrails').map(({ id }) => id.split('/providers/')[0]);
    expect([...new Set(subscriptions)]).toEqual([
      home,
      '/subscriptions/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa',
    ]);
  });

  it('name the monitor that assigned them, by which its removal finds them', () => {
    for (const { properties } of ['guardrails', 'guardrails-policies'].flatMap(assigned)) {
      expect(properties.metadata).toEqual({ assignedBy: 'ACR CMK monitor (acr-cmk-monitor, 00000000)' });
    }
  });

  it('deny by one parameter, on a management group', () => {
    const found = assigned('guardrails-policies');
    expect(found).toHaveLength(3);
    for (const { name, properties } of found) {
      expect(properties.parameters).toEqual({ effect: { value: 'Deny' } });
      expect(name.length).toBeLessThanOrEqual(24);
    }
  });
});
