import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ofType } from './snapshots.ts';

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
