import { describe, expect, it } from 'vitest';
import { toKeyHolder } from '../../src/bodies/key-holder.ts';
import type { FoundKeyHolder } from '../../src/domain/estate/key-holder.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';
import { parseResourceId, type ResourceId } from '../../src/domain/estate/resource-id.ts';

const id =
  '/subscriptions/6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv';
const reading: Reading = { what: 'vault', id, at: '2026-08-01T06:00:00.000Z', from: 'GET', status: 200 };
const read = (properties: Record<string, unknown>) =>
  toKeyHolder({ id, properties }, reading, parseResourceId(id) as ResourceId) as FoundKeyHolder;

describe('access policies', () => {
  const who = { objectId: 'o', tenantId: 't' };
  const toEntry = (entry: unknown) => read({ accessPolicies: [entry] }).accessPolicies?.[0];

  it.each([
    [{ keys: ['Get', 'wrapKey'] }, ['get', 'wrapkey']],
    [{ keys: [] }, []],
    [{ secrets: ['get'] }, []],
    [{ keys: null }, []],
    [{}, []],
    [null, []],
    [undefined, []],
  ])('with permissions %j grant %j on keys', (permissions, keys) => {
    expect(toEntry({ ...who, permissions })).toEqual({ ...who, keys });
  });

  it.each([[{ keys: 'all' }], [{ keys: ['all', 7] }], [{ keys: {} }], ['all'], [7]])(
    'with permissions %j grant nobody knows what',
    (permissions) => expect(toEntry({ ...who, permissions })).toEqual(who),
  );

  it('tell for which application they are', () => {
    expect(toEntry({ ...who, applicationId: 'a', permissions: {} })).toEqual({
      ...who,
      applicationId: 'a',
      keys: [],
    });
  });

  it.each(['all', 7, ['all']])('that are %j tell nothing', (entry) => {
    expect(toEntry(entry)).toEqual({});
  });

  it('that are null are none', () => {
    expect(read({ accessPolicies: [null] }).accessPolicies).toEqual([]);
  });

  it.each([undefined, null, 'none', {}])('that are %j and no list are left out', (accessPolicies) => {
    expect(read({ accessPolicies })).not.toHaveProperty('accessPolicies');
  });

  it.each([true, false, 'true', 1])(
    'are in force or not, as Azure wrote it: %j',
    (enableRbacAuthorization) => {
      expect(read({ enableRbacAuthorization }).rbacAuthorization).toBe(enableRbacAuthorization);
    },
  );
});

describe('the network', () => {
  it('tells who is let in, and how many', () => {
    const networkAcls = {
      bypass: 'None',
      defaultAction: 'Deny',
      ipRules: [{ value: '203.0.113.0/24' }],
      virtualNetworkRules: [{}, {}],
    };
    const properties = {
      publicNetworkAccess: 'Disabled',
      networkAcls,
      privateEndpointConnections: [{}, {}, {}],
    };
    expect(read(properties).network).toEqual({
      publicNetworkAccess: 'Disabled',
      hasRules: true,
      bypass: 'None',
      defaultAction: 'Deny',
      addressRules: 1,
      subnetRules: 2,
      privateEndpoints: 3,
    });
  });

  it.each([
    [undefined, { hasRules: false }],
    [null, { hasRules: false }],
    [{}, { hasRules: true }],
    [{ bypass: null, defaultAction: null, ipRules: null }, { hasRules: true }],
    [
      { bypass: true, defaultAction: ['Deny'] },
      { hasRules: true, bypass: 'true', defaultAction: '["Deny"]' },
    ],
    ['Deny', { hasRules: true, bypass: '"Deny"' }],
    [[], { hasRules: true, bypass: '[]' }],
  ])('is read with rules %j', (networkAcls, expected) => {
    const none = { addressRules: 0, subnetRules: 0, privateEndpoints: 0 };
    expect(read({ networkAcls }).network).toEqual({ ...expected, ...none });
  });
});

describe('a Managed HSM', () => {
  it.each([
    [undefined, []],
    [null, []],
    [[], []],
    [
      [{ name: 'westeurope', isPrimary: true }, { name: 'eastus' }],
      ['westeurope', 'eastus'],
    ],
    [
      ['westeurope', {}, { name: 7 }],
      ['"westeurope"', '{}', '{"name":7}'],
    ],
    ['westeurope', ['"westeurope"']],
  ])('with regions %j has %j', (regions, expected) => {
    expect(read({ regions }).regions).toEqual(expected);
  });

  it.each([
    [{ activationStatus: 'NotActivated' }, 'NotActivated'],
    [{ activationStatus: 7 }, '7'],
    [{}, undefined],
    [null, undefined],
    ['Active', undefined],
  ])('with security domain properties %j has the activation status %j', (properties, status) => {
    expect(read({ securityDomainProperties: properties }).activationStatus).toBe(status);
  });
});
