import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ofType, principalOf, readSnapshot, scenarios, scopeOf, shorten } from './snapshots.ts';

const listed = JSON.parse(readFileSync('infra/read-actions.json', 'utf8'));
const writer = JSON.parse(readFileSync('infra/event-writer-actions.json', 'utf8'));

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
describe('access', () => {
  it.each(scenarios)('of %s is what is expected, and nothing wider', (scenario) => {
    expect(assignments(scenario).sort()).toEqual(ownData.toSorted());
  });

  it('is only given to identities of services', () => {
    const types = scenarios
      .flatMap((scenario) => ofType(scenario, 'Microsoft.Authorization/roleAssignments'))
      .map(({ properties }) => properties.principalType);
    expect([...new Set(types)]).toEqual(['ServicePrincipal']);
  });
});

describe('the monitor itself', () => {
  it('has no right outside of its resource group, and no role of its own: connecting gives both', () => {
    for (const scenario of scenarios) {
      expect(ofType(scenario, 'Microsoft.Authorization/roleDefinitions')).toEqual([]);
      const places = ofType(scenario, 'Microsoft.Authorization/roleAssignments').map(scopeOf).map(shorten);
      expect(places.filter((place) => !place.startsWith('MONITOR/'))).toEqual([]);
    }
  });

  it('names what it is given after the identity, which is another one once it is made again', () => {
    const given = ofType('one-subscription', 'Microsoft.Authorization/roleAssignments');
    expect(given.filter(({ name }) => !name.includes('reference('))).toEqual([]);
  });
});

describe('the lists of actions', () => {
  it('allow nothing by a wildcard, and reading nothing but reading', () => {
    const reading: string[] = [...listed.sweep, ...listed.doctor, ...listed.managementGroup];
    expect(
      [...reading, ...writer.subscription, ...writer.endpoint].filter((action) => action.includes('*')),
    ).toEqual([]);
    expect(reading.filter((action) => !action.endsWith('/read'))).toEqual([]);
    expect(reading).not.toContain('Microsoft.ContainerRegistry/registries/pull/read');
    expect(writer.endpoint).not.toContain('Microsoft.Storage/storageAccounts/write');
  });
});

describe('subscription ids', () => {
  it('count once, in whatever case and however they are separated', () => {
    const [settings] = ofType('allowed-addresses', 'Microsoft.Web/sites/config');
    const watched = [
      '00000000-0000-0000-0000-000000000001',
      'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa',
      '22222222-2222-2222-2222-222222222222',
    ];
    expect(settings?.properties.SUBSCRIPTION_IDS.split(',')).toEqual(watched);
  });

  it('and names of environments make the same names in whatever case they are given', () => {
    const nameIn = (scenario: string) => ofType(scenario, 'Microsoft.Web/sites')[0]?.name;
    expect(nameIn('allowed-addresses')).toBe(nameIn('one-subscription'));
  });
});

describe('roles', () => {
  it('are written down by their ids in one file only', () => {
    const ids =
      readFileSync('infra/ids.bicep', 'utf8').match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
    expect(ids).toHaveLength(5);
    const others = ['main', 'naming'].map((name) => readFileSync(`infra/${name}.bicep`, 'utf8'));
    expect(others.filter((text) => ids.some((id) => text.includes(id)))).toEqual([]);
  });
});
