import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compiledTemplates } from '../../scripts/infra/templates.ts';
import { ofType, principalOf, readSnapshot, scenarios, scopeOf, shorten } from './snapshots.ts';

const listed = JSON.parse(readFileSync('infra/read-actions.json', 'utf8'));
const unlisted: string[] = JSON.parse(readFileSync('infra/unlisted-actions.json', 'utf8'));
const writer = JSON.parse(readFileSync('infra/event-writer-actions.json', 'utf8'));
const readable = (actions: string[]) => actions.filter((action) => !unlisted.includes(action)).sort();

/** All assignments of a snapshot: who, as what, where. */
function assignments(scenario: string): string[] {
  const roles = new Map(
    readSnapshot(scenario)
      .filter(({ type }) => type === 'Microsoft.Authorization/roleDefinitions')
      .map(({ name, properties }) => [name, properties.roleName.split(' (')[0]]),
  );
  return ofType(scenario, 'Microsoft.Authorization/roleAssignments').map((assignment) => {
    const role = assignment.properties.roleDefinitionId.split('/').at(-1);
    return `${principalOf(assignment)}: ${roles.get(role) ?? role} on ${shorten(scopeOf(assignment))}`;
  });
}

/** Sources: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles. */
const ownData = [
  'id-*: 3913510d-42f4-4e42-8a64-420c390055eb on MONITOR/providers/Microsoft.Insights/components/appi-*',
  'id-*: b7e6dc6d-f1e8-4753-8033-0f276bb0955b on MONITOR/providers/Microsoft.Storage/storageAccounts/st*',
  'id-*: 0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 on MONITOR/providers/Microsoft.Storage/storageAccounts/st*',
  'id-events-*: ba92f5b4-2d11-453d-a403-e96b0029c9fe on MONITOR/providers/Microsoft.Storage/storageAccounts/stdl*',
  'id-*: 4633458b-17de-408a-b874-0445c86b69e6 on MONITOR/providers/Microsoft.KeyVault/vaults/kv-*',
];
const reads = (scope: string) => `id-*: ACR CMK monitor reader on ${scope}`;
const readHome = reads('/subscriptions/HOME');
const ones = (digit: number) => '00000000-0000-0000-0000-000000000000'.replaceAll('0', String(digit));
const group = '/providers/Microsoft.Management/managementGroups/contoso';
const policies = [
  reads(group),
  `acr-cmk-*: ACR CMK monitor event writer on ${group}`,
  'acr-cmk-*: ACR CMK monitor event endpoint on MONITOR/providers/Microsoft.Web/sites/func-*',
  'acr-cmk-*: ACR CMK monitor event endpoint on MONITOR/providers/Microsoft.Storage/storageAccounts/stdl*',
  'acr-cmk-*: ACR CMK monitor event endpoint on MONITOR/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events-*',
];

const expected: Record<string, string[]> = {
  'one-subscription': [...ownData, readHome],
  'one-subscription-events': [],
  'three-subscriptions': [...ownData, ...[1, 2, 3].map((digit) => reads(`/subscriptions/${ones(digit)}`))],
  'three-subscriptions-events': [
    'evgt-automation: ba92f5b4-2d11-453d-a403-e96b0029c9fe on MONITOR/providers/Microsoft.Storage/storageAccounts/stdl*',
  ],
  'management-group': ownData,
  'management-group-policies': policies,
  'private-network': [...ownData, readHome],
  guardrails: [
    ...ownData,
    readHome,
    reads(`/subscriptions/${ones(2)}`),
    reads('/subscriptions/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'),
  ],
  'guardrails-policies': policies,
};

describe('access', () => {
  it.each(scenarios)('of %s is what is expected, and nothing wider', (scenario) => {
    expect(assignments(scenario).sort()).toEqual(expected[scenario]?.toSorted());
  });

  it('is only given to identities of services', () => {
    const types = scenarios
      .flatMap((scenario) => ofType(scenario, 'Microsoft.Authorization/roleAssignments'))
      .map(({ properties }) => properties.principalType);
    expect([...new Set(types)]).toEqual(['ServicePrincipal']);
  });
});

describe('the custom roles', () => {
  const actionsOf = (scenario: string, role: string) =>
    ofType(scenario, 'Microsoft.Authorization/roleDefinitions')
      .filter(({ properties }) => properties.roleName.includes(role))
      .flatMap(({ properties }) => properties.permissions)
      .map(({ actions, ...others }) => ({ actions: actions.toSorted(), ...others }));

  it('allow to read what the list has, on subscriptions and on a management group', () => {
    const onSubscription = readable([...listed.sweep, ...listed.doctor]);
    expect(actionsOf('one-subscription', 'reader')).toEqual([{ actions: onSubscription, notActions: [] }]);
    const onGroup = readable([...listed.sweep, ...listed.doctor, ...listed.managementGroup]);
    expect(actionsOf('management-group-policies', 'reader')).toEqual([{ actions: onGroup, notActions: [] }]);
  });

  it('allow the policy what its list has', () => {
    expect(actionsOf('management-group-policies', 'event writer')).toEqual([
      { actions: writer.subscription.toSorted(), notActions: [] },
    ]);
    expect(actionsOf('management-group-policies', 'event endpoint')).toEqual([
      { actions: writer.endpoint.toSorted(), notActions: [] },
    ]);
  });

  it('allow nothing by a wildcard, and reading nothing but reading', () => {
    const reading: string[] = [...listed.sweep, ...listed.doctor, ...listed.managementGroup];
    expect(
      [...reading, ...writer.subscription, ...writer.endpoint].filter((action) => action.includes('*')),
    ).toEqual([]);
    expect(reading.filter((action) => !action.endsWith('/read'))).toEqual([]);
    expect(reading).not.toContain('Microsoft.ContainerRegistry/registries/pull/read');
  });

  it('can be assigned where they are meant to be, and at home', () => {
    const [role] = ofType('three-subscriptions', 'Microsoft.Authorization/roleDefinitions');
    expect(role?.properties.assignableScopes.map(shorten)).toEqual([
      '/subscriptions/HOME',
      ...[1, 2, 3].map((digit) => `/subscriptions/${ones(digit)}`),
    ]);
  });
});

describe('subscription ids', () => {
  it('count once, in whatever case they are given', () => {
    const [settings] = ofType('guardrails', 'Microsoft.Web/sites/config');
    const [role] = ofType('guardrails', 'Microsoft.Authorization/roleDefinitions');
    const watched = ['00000000-0000-0000-0000-000000000001', 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', ones(2)];
    expect(settings?.properties.SUBSCRIPTION_IDS.split(',')).toEqual(watched);
    expect(role?.properties.assignableScopes).toEqual(watched.map((id) => `/subscriptions/${id}`));
  });

  it('make the same names in each entry, in whatever case they are given', () => {
    for (const { compiled } of compiledTemplates) {
      const text = readFileSync(compiled, 'utf8');
      expect(text).not.toContain("uniqueString(parameters('subscriptionId')");
    }
    const group = readFileSync('infra/azuredeploy-management-group.json', 'utf8');
    const { monitorId } = JSON.parse(group).variables;
    expect(monitorId).toBe("[toLower(parameters('monitorSubscriptionId'))]");
    expect(JSON.stringify(JSON.parse(group).resources.readable.properties.parameters)).not.toContain(
      "parameters('monitorSubscriptionId')",
    );
  });
});

describe('roles and policies', () => {
  it('are written down by their ids in one file only', () => {
    const ids =
      readFileSync('infra/ids.bicep', 'utf8').match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
    expect(ids).toHaveLength(8);
    const others = ['main', 'events', 'management-group', 'naming', 'roles', 'guardrails'].map((name) =>
      readFileSync(`infra/${name}.bicep`, 'utf8'),
    );
    expect(others.filter((text) => ids.some((id) => text.includes(id)))).toEqual([]);
  });
});
