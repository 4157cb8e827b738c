import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withoutGenerator } from '../../scripts/infra/templates.ts';
import { loadFunctions } from '../../simulator/host/functions-core.ts';
import { describeFunction } from '../../simulator/host/registered-function.ts';
import { toResourceEvent } from '../../src/functions/events/resource-event.ts';
import { ofType, readSnapshot, scenarios, shorten } from './snapshots.ts';

const operations: string[] = JSON.parse(readFileSync('infra/event-operations.json', 'utf8'));
const subscribed = scenarios.flatMap((scenario) =>
  ofType(scenario, 'Microsoft.EventGrid/systemTopics/eventSubscriptions'),
);

/** The names that the code registers functions by, and their triggers. */
const { functions } = await loadFunctions(
  () => import('../../src/functions/index.ts'),
  () => {},
);
const triggers = functions.map((one) => describeFunction(one).info);

describe('event subscriptions', () => {
  it('are made in each subscription, on a topic of ours or the one that is there', () => {
    const topics = ofType(
      'three-subscriptions-events',
      'Microsoft.EventGrid/systemTopics/eventSubscriptions',
    );
    expect(topics.map(({ id }) => id.split('/providers/')[0])).toEqual([
      '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-acr-cmk-monitor-events',
      '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-acr-cmk-monitor-events',
      '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-automation',
    ]);
    expect(
      ofType('three-subscriptions-events', 'Microsoft.EventGrid/systemTopics').map(({ name }) => name),
    ).toEqual(['evgt-a3rzxkh62xa2q', 'evgt-a3rzxkh62xa2q']);
    expect(
      ofType('one-subscription-events', 'Microsoft.EventGrid/systemTopics/eventSubscriptions'),
    ).toHaveLength(1);
  });

  it('call the Event Grid function of the code, without a key', () => {
    const [name] = triggers.filter(({ trigger }) => trigger === 'eventGrid').map((trigger) => trigger.name);
    for (const { properties } of subscribed) {
      expect(properties.destination.endpointType).toBe('AzureFunction');
      expect(shorten(properties.destination.properties.resourceId)).toBe(
        `MONITOR/providers/Microsoft.Web/sites/func-*/functions/${name}`,
      );
    }
  });

  it('are filtered by the operations of the list, within the limit of Event Grid', () => {
    expect(operations.length).toBeLessThanOrEqual(25);
    for (const { properties } of subscribed) {
      expect(properties.filter.advancedFilters).toEqual([
        { key: 'data.operationName', operatorType: 'StringIn', values: operations },
      ]);
      expect(properties.filter.includedEventTypes).toEqual([
        'Microsoft.Resources.ResourceWriteSuccess',
        'Microsoft.Resources.ResourceDeleteSuccess',
      ]);
    }
  });

  it('retry for a day, and keep by identity what could not be delivered', () => {
    for (const { properties } of subscribed) {
      expect(properties.retryPolicy).toEqual({ eventTimeToLiveInMinutes: 1440, maxDeliveryAttempts: 30 });
      const { deadLetterDestination, identity } = properties.deadLetterWithResourceIdentity;
      expect(deadLetterDestination.properties.blobContainerName).toBe('dead-letters');
      expect(identity.type).toMatch(/^(User|System)Assigned$/);
    }
    const [container] = ofType(
      'one-subscription',
      'Microsoft.Storage/storageAccounts/blobServices/containers',
    ).slice(-1);
    expect(container?.name).toMatch(/^stdl.*\/dead-letters$/);
  });
});

describe('the code', () => {
  const group = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/images/providers';
  const vault = `${group}/Microsoft.KeyVault/vaults/images-vault`;

  /** The resource that an event of an operation names. */
  function toResource(operation: string): string {
    const type = operation.slice(0, operation.lastIndexOf('/'));
    if (type.endsWith('/accessPolicies')) return `${vault}/accessPolicies/add`;
    if (type.startsWith('Microsoft.Authorization/'))
      return `${vault}/providers/${type}/22222222-2222-2222-2222-222222222222`;
    return `${group}/${type}/images1`;
  }

  const toEvent = (operation: string) => {
    const resourceUri = toResource(operation);
    const outcome = operation.endsWith('/delete') ? 'Delete' : 'Write';
    return {
      eventType: `Microsoft.Resources.Resource${outcome}Success`,
      subject: resourceUri,
      data: { resourceUri, operationName: operation },
    };
  };

  it.each(operations)('handles %s, which the list lets through', (operation) => {
    expect(toResourceEvent(toEvent(operation))).toMatchObject({ state: 'change', operation });
  });

  it('has nothing to do with what the list keeps away', () => {
    expect(toResourceEvent(toEvent('Microsoft.Compute/virtualMachines/write')).state).toBe('ignored');
  });

  it('has infrastructure for each trigger', () => {
    const types = new Set(triggers.map(({ trigger }) => trigger));
    expect([...types].sort()).toEqual(['eventGrid', 'http', 'timer']);
    const [app] = ofType('one-subscription', 'Microsoft.Web/sites');
    expect(app?.properties.functionAppConfig.scaleAndConcurrency.alwaysReady[0].name).toBe(
      `function:${triggers.find(({ trigger }) => trigger === 'eventGrid')?.name}`,
    );
    const rules = readSnapshot('one-subscription').filter(({ type }) =>
      type.endsWith('/scheduledQueryRules'),
    );
    const overdue = rules.find(({ name }) => name.endsWith('sweep-overdue'));
    const [sweep] = triggers.filter(({ name, trigger }) => trigger === 'timer' && name === 'sweep');
    expect(overdue?.properties.criteria.allOf[0].query).toContain(`OperationName =~ "${sweep?.name}"`);
  });
});

describe('the policy for new subscriptions', () => {
  const compiled = JSON.parse(readFileSync('infra/azuredeploy-management-group.json', 'utf8'));
  const module = JSON.parse(readFileSync('infra/modules/events/subscription.json', 'utf8'));
  const { template: policy } = compiled.resources.eventPolicy.properties;

  it('deploys the template that the subscriptions in scope get', () => {
    // What Azure would evaluate by itself is kept from it by a second bracket.
    const embedded = JSON.parse(JSON.stringify(policy.variables['$fxv#0']).replaceAll('"[[', '"['));
    expect(withoutGenerator(embedded)).toEqual(withoutGenerator(module));
    expect(
      policy.resources.definition.properties.policyRule.then.details.deployment.properties.template,
    ).toBe("[variables('$fxv#0')]");
  });

  it('deploys what events.bicep deploys', () => {
    const events = JSON.parse(readFileSync('infra/azuredeploy-events.json', 'utf8'));
    expect(withoutGenerator(events.resources.subscribed.properties.template)).toEqual(
      withoutGenerator(module),
    );
  });

  it('embeds no newer template language than policies take', () => {
    expect(JSON.stringify(module)).not.toContain('languageVersion');
  });

  it('hands over all that the template asks for', () => {
    const [definition] = ofType('management-group-policies', 'Microsoft.Authorization/policyDefinitions');
    const { parameters, policyRule } = definition?.properties ?? {};
    const asked = Object.keys(module.parameters).filter((name) => name !== 'workspaceId');
    expect(Object.keys(parameters).sort()).toEqual(asked.sort());
    const handed = Object.entries(policyRule.then.details.deployment.properties.parameters);
    expect(handed.map(([name]) => name).sort()).toEqual(asked);
    for (const [name, value] of handed) expect(value).toEqual({ value: `[parameters('${name}')]` });
    const [assignment] = ofType('management-group-policies', 'Microsoft.Authorization/policyAssignments');
    expect(Object.keys(assignment?.properties.parameters).sort()).toEqual(asked);
  });

  it('has an identity, and leaves subscriptions with a topic alone', () => {
    const [assignment] = ofType('management-group-policies', 'Microsoft.Authorization/policyAssignments');
    expect(assignment?.identity).toEqual({ type: 'SystemAssigned' });
    expect(assignment?.properties.notScopes).toEqual(['/subscriptions/22222222-2222-2222-2222-222222222222']);
    expect(assignment?.name.length).toBeLessThanOrEqual(24);
  });

  it('is remedied by name only: one that is under way refuses to be written again', () => {
    expect(ofType('management-group-policies', 'Microsoft.PolicyInsights/remediations')).toEqual([]);
    const [remediation] = ofType('guardrails-policies', 'Microsoft.PolicyInsights/remediations');
    const [assignment] = ofType('guardrails-policies', 'Microsoft.Authorization/policyAssignments');
    expect(remediation?.name).toBe('november');
    expect(remediation?.properties.policyAssignmentId).toBe(assignment?.id);
  });
});
