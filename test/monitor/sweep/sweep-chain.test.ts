import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { roleDefinitionBody } from '../../../simulator/tenant/role-definition-body.ts';
import { subscription, subscriptionId, tenantId } from '../../simulator/tenant/tenant-clients.ts';
import {
  chainedRegistry,
  grant,
  grantAt,
  healthy,
  identity,
  key,
  keyOf,
  olderVersionOf,
  openChain,
  registry,
  rolesVault,
  vault,
} from '../chain-tenant.ts';
import { toId } from '../fixture.ts';
import { toQuery } from './graph-tenant.ts';

const query = 'Microsoft.ResourceGraph/resources';
const ann = '99999999-aaaa-4bbb-8ccc-999999999999';
const second = chainedRegistry('second', key);
const without = (...left: unknown[]) => healthy.filter((one) => !left.includes(one));
const openGraph = (options: Parameters<typeof openChain>[0] = {}) =>
  openChain({ inventory: 'graph', ...options });

describe('a sweep by Resource Graph in which nothing changed', () => {
  it('reads key holders, identities’ roles and each key once, and no registry', async () => {
    const monitor = await openGraph({ resources: [...healthy, second] });
    const first = await monitor.sweep();
    expect(first).toMatchObject({ outcome: 'complete', assessed: 2 });
    // Subscriptions; registries, vaults, identities, role assignments, and the list of the subscription that shows none.
    expect(await monitor.callsOf(() => monitor.sweep())).toEqual([
      '/subscriptions',
      query,
      query,
      query,
      'keys/images',
      query,
      'Microsoft.ContainerRegistry/registries',
    ]);
    expect(await monitor.callsOf(() => monitor.sweep())).not.toContain('registries/images');
  });

  it('asks for the rows of identities where the registries’ own do not tell their ids', async () => {
    const monitor = await openGraph();
    monitor.tenant.graph.identityIdsLeftOut = true;
    await monitor.sweep();
    const queries: (string | undefined)[] = [];
    monitor.tenant.intercept(async (request) => {
      queries.push(toQuery(request));
      return undefined;
    });
    expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
    expect(queries.filter((one) => one?.includes('userassignedidentities'))).toHaveLength(1);
  });

  it('fills in identities by the id of their registry, whichever object holds it', async () => {
    const monitor = await openGraph({
      toInventory: (graph) => ({
        ...graph,
        completeIdentities: async (...asked) => structuredClone(await graph.completeIdentities(...asked)),
      }),
    });
    monitor.tenant.graph.identityIdsLeftOut = true;
    await monitor.sweep();
    expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
  });

  it('reads registries from ARM where the rows of identities can’t be had', async () => {
    const monitor = await openGraph();
    await monitor.sweep();
    monitor.tenant.graph.identityIdsLeftOut = true;
    monitor.tenant.intercept(async (request) =>
      toQuery(request)?.includes('userassignedidentities')
        ? errorAnswer(403, 'AuthorizationFailed', 'No.')
        : undefined,
    );
    expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', assessed: 1, changed: 0 });
  });

  it.each([
    ['at a management group above', grantAt('/providers/Microsoft.Management/managementGroups/zones')],
    ['at the subscription', grantAt(subscription)],
    ['at the key', grantAt(key.id)],
    ['with a condition', grantAt(vault.id, { condition: 'x' })],
    ['to a group', grantAt(vault.id, { principalId: tenantId, principalType: 'Group' })],
  ])('reads no registry when access is by a role %s', async (_, assignment) => {
    const managementGroups = [{ name: 'zones', displayName: 'Zones', subscriptions: [subscriptionId] }];
    const monitor = await openGraph({ resources: [...without(grant), assignment], managementGroups });
    await monitor.sweep();
    const before = await monitor.verdicts();
    expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
    expect(await monitor.verdicts()).toEqual(before);
  });

  it('does not take a role at a management group elsewhere for one that applies', async () => {
    const managementGroups = [
      { name: 'zones', displayName: 'Zones', subscriptions: [subscriptionId] },
      { name: 'others', displayName: 'Others', subscriptions: ['77777777-aaaa-4bbb-8ccc-888888888888'] },
    ];
    const elsewhere = grantAt('/providers/Microsoft.Management/managementGroups/others');
    const monitor = await openGraph({ resources: [...without(grant), elsewhere], managementGroups });
    await monitor.sweep();
    expect((await monitor.verdicts()).key_noaccess).toBe('fail access_missing');
    expect(await monitor.sweep()).toMatchObject({ assessed: 0 });
  });

  describe.each([
    ['a management group', '/providers/Microsoft.Management/managementGroups/zones'],
    ['the subscription', subscription],
  ])('with acr_custodyoverlap on and Owner at %s', (_, scope) => {
    const owner = grantAt(scope, { role: 'Owner', principalId: ann, principalType: 'User' });
    const options = {
      rules: { enabled: ['acr_custodyoverlap'] },
      managementGroups: [{ name: 'zones', displayName: 'Zones', subscriptions: [subscriptionId] }],
    };

    it('sees it where it was granted after the first sweep', async () => {
      const monitor = await openGraph(options);
      await monitor.sweep();
      expect((await monitor.verdicts()).acr_custodyoverlap).toBe('pass custody_separate');
      monitor.tenant.put(owner);
      expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', changed: 1 });
      expect((await monitor.verdicts()).acr_custodyoverlap).toBe('fail custody_overlap');
    });

    it('reads no registry where it was there before', async () => {
      const monitor = await openGraph({ ...options, resources: [...healthy, owner] });
      await monitor.sweep();
      expect((await monitor.verdicts()).acr_custodyoverlap).toBe('fail custody_overlap');
      expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
    });
  });

  it('knows by any role at a management group that somebody in an access policy is no group', async () => {
    const somebody = { objectId: ann, tenantId, permissions: { keys: ['wrapKey'], secrets: [] } };
    const own = { ...somebody, objectId: identity.principalId, permissions: { keys: ['get', 'unwrapKey'] } };
    const properties = {
      ...vault.properties,
      enableRbacAuthorization: false,
      accessPolicies: [somebody, own],
    };
    const scope = '/providers/Microsoft.Management/managementGroups/zones';
    const reader = grantAt(scope, { role: 'Reader', principalId: ann, principalType: 'User' });
    const monitor = await openGraph({
      resources: [...without(vault, grant), { ...vault, properties }, reader],
      managementGroups: [{ name: 'zones', displayName: 'Zones', subscriptions: [subscriptionId] }],
    });
    await monitor.sweep();
    expect((await monitor.verdicts()).key_noaccess).toBe('fail access_missing');
    expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
  });

  it('reads a custom role once', async () => {
    const role = roleDefinitionBody({
      roleName: 'Images key user',
      assignableScopes: [subscription],
      dataActions: ['Microsoft.KeyVault/vaults/keys/*'],
      notDataActions: ['Microsoft.KeyVault/vaults/keys/purge/action'],
    });
    const custom = grantAt(vault.id, { role: { guid: String(role.name) } });
    const monitor = await openGraph({ resources: [...without(grant), second, role, custom] });
    await monitor.sweep();
    const calls = await monitor.callsOf(() => monitor.sweep());
    expect(calls.filter((path) => path.startsWith('roleDefinitions/'))).toHaveLength(1);
    expect(calls).not.toContain('registries/images');
  });
});

describe('a first sweep of many registries, each on a vault of its own', () => {
  const names = ['one', 'two', 'three', 'four', 'five'];
  const chains = names.flatMap((name) => {
    const own = rolesVault(`kv-${name}`);
    const ownKey = keyOf(own);
    return [own, ownKey, chainedRegistry(name, ownKey), grantAt(own.id)];
  });
  const resources = [...chains, ...without(registry, vault, key, grant)];
  const lists = [
    'Microsoft.ContainerRegistry/registries',
    'Microsoft.KeyVault/vaults',
    'Microsoft.Authorization/roleAssignments',
  ];

  /** Only its list tells that the other subscription holds no registry. */
  const empty = 'Microsoft.ContainerRegistry/registries';

  it('reads lists and keys, no registry, vault or scope by itself', async () => {
    const monitor = await openGraph({ resources });
    const calls = await monitor.callsOf(() => monitor.sweep());
    expect(calls.filter((call) => call === 'keys/images')).toHaveLength(names.length);
    const others = calls.filter((call) => call !== 'keys/images' && call !== query);
    expect(others.sort()).toEqual(
      ['/subscriptions', 'userAssignedIdentities/id-images', ...lists, empty].sort(),
    );
    for (const name of names) {
      const id = registry.id.replace(/images$/, name);
      expect((await monitor.verdicts(id)).key_noaccess).toBe('pass access_granted');
    }
    expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', registries: 5, assessed: 0 });
  });

  it('goes by ARM’s lists where Resource Graph shows what is no longer so', async () => {
    const monitor = await openGraph({ resources });
    monitor.tenant.graph.delay = 60_000;
    monitor.clock.advance(61_000);
    monitor.tenant.remove(registry.id.replace(/images$/, 'one'));
    monitor.tenant.put(rolesVault('kv-two', { enablePurgeProtection: false }));
    expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', registries: 5 });
    const second = await monitor.verdicts(registry.id.replace(/images$/, 'two'));
    expect(second.kv_nopurgeprotection).toMatch(/^fail/);
    const first = await monitor.store.findings.readRegistry(toId(registry.id.replace(/images$/, 'one')));
    expect(first).toBeUndefined();
  });
});

describe('a sweep by Resource Graph', () => {
  it('sees that a key was disabled, of which no event tells', async () => {
    const monitor = await openGraph();
    await monitor.sweep();
    monitor.tenant.put(keyOf(vault, { enabled: false }));
    expect(await monitor.sweep()).toMatchObject({ changed: 1 });
    expect((await monitor.verdicts()).key_unusable).toBe('fail key_disabled');
  });

  it('sees that a key expired as time goes by', async () => {
    const monitor = await openGraph();
    const exp = Math.floor(monitor.clock.now().getTime() / 1000) + 40 * 86_400;
    monitor.tenant.put(keyOf(vault, { exp }));
    await monitor.sweep();
    expect((await monitor.verdicts()).key_expiring).toBe('pass key_expires_later');
    monitor.clock.advance(11 * 86_400_000);
    await monitor.sweep();
    expect((await monitor.verdicts()).key_expiring).toBe('fail key_expires_soon');
    monitor.clock.advance(29 * 86_400_000);
    await monitor.sweep();
    expect(await monitor.verdicts()).toMatchObject({
      key_unusable: 'fail key_expired',
      key_expiring: 'notApplicable key_expired',
    });
  });

  it('sees that a role was taken away once the graph shows it, and decides by ARM', async () => {
    const monitor = await openGraph();
    await monitor.sweep();
    monitor.tenant.graph.delay = 60_000;
    monitor.tenant.remove(grant.id);
    expect(await monitor.sweep()).toMatchObject({ assessed: 0 });
    monitor.clock.advance(61_000);
    expect(await monitor.sweep()).toMatchObject({ changed: 1 });
    expect((await monitor.verdicts()).key_noaccess).toBe('fail access_missing');
    monitor.tenant.put(grant);
    // The graph still shows no role; what ARM says counts.
    await monitor.react(registry.id);
    await monitor.sweep();
    expect((await monitor.verdicts()).key_noaccess).toBe('pass access_granted');
  });

  it('reads role assignments from ARM where the graph does not answer for them', async () => {
    const monitor = await openGraph();
    monitor.tenant.intercept(async (request) =>
      toQuery(request)?.startsWith('authorizationresources')
        ? errorAnswer(400, 'BadRequest', 'No such table.')
        : undefined,
    );
    expect(await monitor.sweep()).toMatchObject({ outcome: 'complete', inventory: 'graph' });
    expect((await monitor.verdicts()).key_noaccess).toBe('pass access_granted');
    expect(await monitor.sweep()).toMatchObject({ assessed: 0 });
  });
});

describe('a sweep by the lists of ARM', () => {
  it('reads what several registries hang on once', async () => {
    const monitor = await openChain({ resources: [...healthy, second] });
    await monitor.sweep();
    const calls = await monitor.callsOf(() => monitor.sweep());
    for (const path of ['keys/images', 'vaults/kv-images', 'Microsoft.Authorization/roleAssignments']) {
      expect(calls.filter((one) => one === path)).toHaveLength(1);
    }
  });

  it('reads the newest version and the one in use, where they differ', async () => {
    const older = olderVersionOf(key);
    const monitor = await openChain({
      resources: [...without(registry), chainedRegistry('images', key, older), second, older],
    });
    await monitor.sweep();
    const calls = await monitor.callsOf(() => monitor.sweep());
    expect(calls.filter((path) => path === 'keys/images')).toHaveLength(1);
    expect(calls.filter((path) => path === `versions/${older.name}`)).toHaveLength(1);
  });

  it('goes by the principal of the system-assigned identity', async () => {
    const { properties, ...rest } = registry;
    const { encryption } = properties as { encryption: { keyVaultProperties: Record<string, unknown> } };
    const system = {
      ...rest,
      identity: { type: 'systemAssigned, userAssigned', principalId: identity.principalId, tenantId },
      properties: {
        ...properties,
        encryption: {
          ...encryption,
          keyVaultProperties: { ...encryption.keyVaultProperties, identity: 'System' },
        },
      },
    };
    const monitor = await openChain({ resources: [system, vault, key, grant] });
    await monitor.sweep();
    expect(await monitor.verdicts()).toMatchObject({
      key_noaccess: 'pass access_granted',
      acr_identitydetached: expect.stringMatching(/^pass/),
      acr_systemidentity: expect.stringMatching(/^fail/),
    });
  });
});
