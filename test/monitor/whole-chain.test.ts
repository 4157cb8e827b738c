import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../simulator/tenant/arm-errors.ts';
import { identityBody, managedIdentity } from '../../simulator/tenant/managed-identity.ts';
import { roleDefinitionBody } from '../../simulator/tenant/role-definition-body.ts';
import { createRuleSet } from '../../src/rules/rule-set.ts';
import { subscription, subscriptionId, tenantId } from '../simulator/tenant/tenant-clients.ts';
import {
  chainedRegistry,
  grant,
  grantAt,
  healthy,
  hsm,
  identity,
  key,
  keyOf,
  olderVersionOf,
  openChain,
  registry,
  rolesVault,
  vault,
} from './chain-tenant.ts';
import { toId } from './fixture.ts';
import { listAllDue } from './views.ts';

const without = (...left: unknown[]) => healthy.filter((one) => !left.includes(one));
const managementGroup = '/providers/Microsoft.Management/managementGroups/landing-zones';

describe('an event on a registry', () => {
  it('follows it to key and access, and finds that all is well', async () => {
    const monitor = await openChain();
    await monitor.react(registry.id);
    const verdicts = await monitor.verdicts();
    expect(Object.keys(verdicts)).toHaveLength(createRuleSet().rules.length);
    expect(Object.entries(verdicts).filter(([, verdict]) => !verdict.startsWith('pass'))).toEqual([]);
  });

  it('costs at most ten calls the first time, and one a thing afterwards', async () => {
    const older = olderVersionOf(key);
    const role = roleDefinitionBody({
      roleName: 'Images key user',
      assignableScopes: [subscription],
      dataActions: ['Microsoft.KeyVault/vaults/keys/*'],
    });
    const resources = [
      ...without(registry, grant),
      chainedRegistry('images', key, older),
      older,
      role,
      grantAt(vault.id, { role: { guid: String(role.name) } }),
    ];
    const monitor = await openChain({ resources });
    const first = await monitor.callsOf(() => monitor.react(registry.id));
    expect(first.length).toBeLessThanOrEqual(10);
    expect(await monitor.callsOf(() => monitor.react(registry.id))).toEqual([
      'registries/images',
      'userAssignedIdentities/id-images',
      'vaults/kv-images',
      'keys/images',
      `versions/${older.name}`,
      'Microsoft.Authorization/roleAssignments',
      `roleDefinitions/${role.name}`,
    ]);
    expect((await monitor.verdicts()).key_noaccess).toBe('pass access_granted');
  });

  it('sees a role that was granted a moment ago, and that it was taken away', async () => {
    const monitor = await openChain({ resources: without(grant) });
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_noaccess).toBe('fail access_missing');
    monitor.tenant.put(grant);
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_noaccess).toBe('pass access_granted');
    monitor.tenant.remove(grant.id);
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_noaccess).toBe('fail access_missing');
  });

  it.each([
    ['at the key', grantAt(key.id), 'pass access_granted'],
    ['at the resource group', grantAt(`${subscription}/resourceGroups/rg-keys`), 'pass access_granted'],
    ['at the subscription', grantAt(subscription), 'pass access_granted'],
    ['at a management group above', grantAt(managementGroup), 'pass access_granted'],
    ['at another key', grantAt(`${vault.id}/keys/other`), 'fail access_missing'],
    ['at another resource group', grantAt(`${subscription}/resourceGroups/rg-images`), 'fail access_missing'],
    [
      'to a group',
      grantAt(vault.id, { principalId: tenantId, principalType: 'Group' }),
      'unknown access_through_group',
    ],
    [
      'to a principal of unknown type',
      grantAt(vault.id, { principalId: tenantId, principalType: undefined }),
      'unknown access_principal_unknown',
    ],
    ['to another identity', grantAt(vault.id, { principalId: tenantId }), 'fail access_missing'],
    [
      'with a condition',
      grantAt(vault.id, { condition: '@Resource[x] StringEquals "y"' }),
      'unknown access_conditional',
    ],
    [
      'of a role that is not there',
      grantAt(vault.id, { role: { guid: tenantId } }),
      'unknown role_unreadable',
    ],
    ['of a role without data actions', grantAt(vault.id, { role: 'Owner' }), 'fail access_missing'],
    [
      'of another role, to a group that may not use keys',
      grantAt(vault.id, { role: 'Reader', principalId: tenantId, principalType: 'Group' }),
      'fail access_missing',
    ],
  ])('judges access by a role %s', async (_, assignment, verdict) => {
    const managementGroups = [
      { name: 'landing-zones', displayName: 'Zones', subscriptions: [subscriptionId] },
    ];
    const monitor = await openChain({ resources: [...without(grant), assignment], managementGroups });
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_noaccess).toBe(verdict);
  });

  it('reads many roles that it does not know by one list of their subscription', async () => {
    const roles = Array.from({ length: 12 }, (_, index) =>
      roleDefinitionBody({
        roleName: `Role ${index}`,
        assignableScopes: [subscription],
        actions: ['*/read'],
      }),
    );
    const teams = roles.map(({ name }) =>
      grantAt(subscription, { role: { guid: String(name) }, principalId: tenantId, principalType: 'Group' }),
    );
    const monitor = await openChain({ resources: [...without(grant), ...roles, ...teams] });
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_noaccess).toBe('fail access_missing');
    expect((await monitor.callsOf(() => monitor.react(registry.id))).slice(-2)).toEqual([
      'Microsoft.Authorization/roleAssignments',
      'Microsoft.Authorization/roleDefinitions',
    ]);
    monitor.tenant.intercept(async ({ path }) =>
      path.endsWith('/roleDefinitions') ? errorAnswer(400, 'BadRequest', 'No lists.') : undefined,
    );
    const calls = await monitor.callsOf(() => monitor.react(registry.id));
    expect(calls.filter((path) => path.startsWith('roleDefinitions/'))).toHaveLength(12);
    expect((await monitor.verdicts()).key_noaccess).toBe('fail access_missing');
  });

  it('reads no role of others where the identity’s own suffices', async () => {
    const others = ['Owner', 'Key Vault Reader'].map((role) =>
      grantAt(vault.id, { role: role as 'Owner', principalId: tenantId, principalType: 'Group' }),
    );
    const monitor = await openChain({ resources: [...healthy, ...others] });
    await monitor.react(registry.id);
    const calls = await monitor.callsOf(() => monitor.react(registry.id));
    expect(calls.filter((path) => path.includes('roleDefinitions'))).toEqual([]);
  });

  it('judges the version in use and the newest one', async () => {
    const older = olderVersionOf(key, { enabled: false });
    const resources = [...without(registry), chainedRegistry('images', key, older), older];
    const monitor = await openChain({ resources });
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_unusable).toBe('fail key_disabled');
    monitor.tenant.put(olderVersionOf(key));
    monitor.tenant.put(keyOf(vault, { exp: 1_600_000_000 }));
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_unusable).toBe('fail key_expired');
    monitor.tenant.put(key);
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_unusable).toMatch(/^pass/);
  });

  it('sees that a key is gone from a vault that lives', async () => {
    const monitor = await openChain({ resources: without(key) });
    await monitor.react(registry.id);
    expect(await monitor.verdicts()).toMatchObject({
      key_unusable: 'fail key_gone',
      key_expiring: 'notApplicable key_gone',
      kv_missing: 'pass key_holder_found',
    });
  });

  it('never fails a Managed HSM for access', async () => {
    const hsmKey = keyOf(hsm);
    const monitor = await openChain({ resources: [chainedRegistry('images', hsmKey), hsm, hsmKey] });
    await monitor.react(registry.id);
    expect(await monitor.verdicts()).toMatchObject({
      key_noaccess: 'unknown managed_hsm_local_roles',
      key_unusable: expect.stringMatching(/^pass/),
    });
  });

  it('asks what principals are only where access policies leave it open', async () => {
    const policies = (objectId: string) => [{ tenantId, objectId, permissions: { keys: ['All'] } }];
    const own = rolesVault('kv-images', {
      enableRbacAuthorization: null,
      accessPolicies: policies(identity.principalId),
    });
    const monitor = await openChain({ resources: [registry, own, key] });
    await monitor.react(registry.id);
    const assignments = 'Microsoft.Authorization/roleAssignments';
    expect(await monitor.callsOf(() => monitor.react(registry.id))).not.toContain(assignments);
    expect((await monitor.verdicts()).key_noaccess).toBe('pass access_granted');
    monitor.tenant.put(
      rolesVault('kv-images', { enableRbacAuthorization: false, accessPolicies: policies(tenantId) }),
    );
    expect(await monitor.callsOf(() => monitor.react(registry.id))).toContain(assignments);
    expect((await monitor.verdicts()).key_noaccess).toBe('unknown access_through_group');
    monitor.tenant.put(grantAt(vault.id, { role: 'Reader', principalId: tenantId, principalType: 'User' }));
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_noaccess).toBe('fail access_missing');
  });
});

describe('an access policy of somebody else', () => {
  const other = managedIdentity(subscription, 'rg-other', 'id-other');
  const systemOf = (name: string) => ({
    ...chainedRegistry(name, key),
    identity: { type: 'systemAssigned', principalId: tenantId, tenantId },
  });
  const policyVault = (objectId: string) =>
    rolesVault('kv-images', {
      enableRbacAuthorization: false,
      accessPolicies: [{ tenantId, objectId, permissions: { keys: ['all'] } }],
    });

  it.each([
    ['a user-assigned identity', other.principalId, identityBody(other, 'westeurope', tenantId)],
    ['the identity of another resource', tenantId, systemOf('others')],
  ])('grants nothing when it is for %s, as Resource Graph tells', async (_, objectId, body) => {
    const resources = [registry, policyVault(objectId), key, body];
    const known = await openChain({ resources, inventory: 'graph' });
    await known.react(registry.id);
    expect((await known.verdicts()).key_noaccess).toBe('fail access_missing');
    expect(await known.sweep()).toMatchObject({ changed: expect.any(Number) });
    expect((await known.verdicts()).key_noaccess).toBe('fail access_missing');
    const unknown = await openChain({ resources, inventory: 'graph' });
    unknown.tenant.graph.forbidden = true;
    await unknown.react(registry.id);
    expect((await unknown.verdicts()).key_noaccess).toBe('unknown access_through_group');
  });

  it('may be for a group when nothing in sight has its object id', async () => {
    const monitor = await openChain({
      resources: [registry, policyVault(tenantId), key],
      inventory: 'graph',
    });
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_noaccess).toBe('unknown access_through_group');
  });
});

describe('what may not be read', () => {
  it.each([
    ['key', vault.id, 'Microsoft.KeyVault/vaults/keys/read', 'key_unusable', 'unknown key_forbidden'],
    [
      'role assignments',
      vault.id,
      'Microsoft.Authorization/roleAssignments/read',
      'key_noaccess',
      'unknown role_assignments_forbidden',
    ],
  ])('makes a verdict unknown that names the missing action: %s', async (_, scope, action, rule, verdict) => {
    const monitor = await openChain({ unreadable: [{ scope, action }] });
    await monitor.react(registry.id);
    expect((await monitor.verdicts())[rule]).toBe(verdict);
    const stored = await monitor.store.findings.readRegistry(toId(registry.id));
    expect(stored?.evidence[rule]?.values).toMatchObject({ missingAction: action });
  });

  it('names the missing action where the identity’s role may not be read', async () => {
    const role = roleDefinitionBody({ roleName: 'Images key user', assignableScopes: [subscription] });
    const custom = grantAt(vault.id, { role: { guid: String(role.name) } });
    const action = 'Microsoft.Authorization/roleDefinitions/read';
    const monitor = await openChain({
      resources: [...without(grant), role, custom],
      unreadable: [{ scope: subscription, action }],
    });
    await monitor.react(registry.id);
    expect((await monitor.verdicts()).key_noaccess).toBe('unknown role_unreadable');
    const stored = await monitor.store.findings.readRegistry(toId(registry.id));
    expect(stored?.evidence.key_noaccess?.values).toMatchObject({ missingAction: action });
  });

  it.each([
    ['/keys/images', { key_noaccess: 'fail access_missing' }],
    ['/roleAssignments', {}],
  ])('is no verdict at all when the call failed, and holds back no other: %s', async (ending, changed) => {
    const monitor = await openChain();
    await monitor.react(registry.id);
    const before = await monitor.verdicts();
    monitor.tenant.remove(grant.id);
    monitor.tenant.intercept(async ({ path }) =>
      path.endsWith(ending) ? errorAnswer(400, 'BadRequest', 'Not now.') : undefined,
    );
    await monitor.react(registry.id);
    expect(await monitor.verdicts()).toEqual({ ...before, ...changed });
    expect(await listAllDue(monitor.store)).toHaveLength(1);
  });

  it('is no verdict when a body is none', async () => {
    const monitor = await openChain();
    monitor.tenant.intercept(async ({ path }) =>
      path.endsWith('/keys/images') ? { kind: 'json', status: 200, body: { id: 'x' } } : undefined,
    );
    await monitor.react(registry.id);
    const verdicts = await monitor.verdicts();
    expect(verdicts).toMatchObject({
      acr_nocmk: 'pass encryption_enabled',
      kv_missing: 'pass key_holder_found',
    });
    expect(verdicts).not.toHaveProperty('key_unusable');
    expect(await listAllDue(monitor.store)).toHaveLength(1);
  });
});

describe('an event on a role assignment', () => {
  it.each([
    ['its vault', vault.id],
    ['its resource group', `${subscription}/resourceGroups/RG-KEYS`],
  ])('at %s reaches the registries that hang on it', async (_, scope) => {
    const monitor = await openChain({ resources: without(grant) });
    await monitor.react(registry.id);
    monitor.tenant.put(grant);
    await monitor.hear(`${scope}/providers/Microsoft.Authorization/roleAssignments/${grant.name}`);
    expect((await monitor.verdicts()).key_noaccess).toBe('pass access_granted');
    expect(await listAllDue(monitor.store)).toEqual([]);
  });
});

describe('rules that are off by default', () => {
  it('are evaluated when they are switched on, and what they found is closed when they are switched off', async () => {
    const on = { enabled: ['all'] };
    const monitor = await openChain({ rules: on });
    await monitor.react(registry.id);
    expect(await monitor.verdicts()).toMatchObject({
      kv_noauditlog: 'fail audit_events_not_kept',
      acr_publicnetwork: 'fail public_network_open',
      acr_custodyoverlap: expect.stringMatching(/^pass|^unknown/),
    });
    const off = await openChain({ rules: {}, store: monitor.store });
    await off.react(registry.id);
    expect(Object.keys(await off.verdicts())).not.toContain('acr_publicnetwork');
    const findings = await off.store.findings.readFindings(toId(registry.id));
    expect(findings.find(({ rule }) => rule === 'acr_publicnetwork')).toMatchObject({
      status: 'closed',
      reason: 'rule_disabled',
    });
  });
});
