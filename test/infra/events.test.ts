import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadFunctions } from '../../simulator/host/functions-core.ts';
import { describeFunction } from '../../simulator/host/registered-function.ts';
import { toEventSubscription } from '../../src/deployment/event-subscription.ts';
import type { MonitorPlace } from '../../src/deployment/monitor-place.ts';
import { toResourceEvent } from '../../src/functions/events/resource-event.ts';
import { ofType, readSnapshot } from './snapshots.ts';

const operations: string[] = JSON.parse(readFileSync('infra/event-operations.json', 'utf8'));
const template = JSON.parse(readFileSync('infra/modules/events/subscription.json', 'utf8'));
const subscribed = template.resources
  .flatMap((one: { properties?: { template?: object } }) => one.properties?.template ?? [])
  .map(({ variables, resources }: { variables: object; resources: { type: string }[] }) => ({
    variables,
    resource: resources.find(({ type }) => type.endsWith('/eventSubscriptions')),
  }))
  .find(({ resource }: { resource?: object }) => resource);

/** What both name; only what they are told differs. */
const place: MonitorPlace = {
  home: 'h',
  environment: 'e',
  groupId: 'g',
  location: 'l',
  hash: 'hash',
  appId: 'a',
  functionId: "[parameters('functionId')]",
  readerPrincipalId: 'r',
  eventIdentityId: "[parameters('deadLetterIdentity')]",
  deadLetterAccountId: "[parameters('deadLetterAccountId')]",
  workspaceId: 'w',
};

/** The names that the code registers functions by, and their triggers. */
const { functions } = await loadFunctions(
  () => import('../../src/functions/index.ts'),
  () => {},
);
const triggers = functions.map((one) => describeFunction(one).info);

describe('event subscriptions', () => {
  it('are the same ones, made by the command or by the policy for new subscriptions', () => {
    const { deadLetterWithResourceIdentity, ...made } = toEventSubscription(place, 'ours').properties ?? {};
    const { deadLetterWithResourceIdentity: _, ...wanted } = subscribed.resource.properties;
    // What the template names by a variable is a list of the same file.
    const { advancedFilters } = wanted.filter;
    expect(subscribed.variables['$fxv#0']).toEqual(operations);
    expect(made).toEqual({
      ...wanted,
      filter: { ...wanted.filter, advancedFilters: [{ ...advancedFilters[0], values: operations }] },
    });
    expect(deadLetterWithResourceIdentity).toMatchObject({
      deadLetterDestination: {
        endpointType: 'StorageBlob',
        properties: { blobContainerName: 'dead-letters' },
      },
      identity: { type: 'UserAssigned' },
    });
  });

  it('call the Event Grid function of the code', () => {
    const [name] = triggers.filter(({ trigger }) => trigger === 'eventGrid').map((trigger) => trigger.name);
    expect(readFileSync('src/deployment/monitor-place.ts', 'utf8')).toContain(`/functions/${name}`);
  });

  it('are filtered within the limit of Event Grid', () => {
    expect(operations.length).toBeLessThanOrEqual(25);
  });

  it('keep what could not be delivered in a container that is there', () => {
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

describe('the template of the policy', () => {
  it('is in no newer language than policies take', () => {
    expect(JSON.stringify(template)).not.toContain('languageVersion');
  });
});
