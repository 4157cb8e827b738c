import { describe, expect, it } from 'vitest';
import { registryBody } from '../../simulator/tenant/registry-body.ts';
import { toRegistry } from '../../src/bodies/registry.ts';
import { ReadFailure } from '../../src/domain/estate/read-failure.ts';
import { noBodies, place, reading, registry, toId, vault } from './sample-bodies.ts';

const withProperties = (properties: unknown) => ({ ...registry, properties });

describe('the body of a registry', () => {
  it('gives what rules need, and nothing of people', () => {
    const read = toRegistry(registry, reading);
    expect(read).toEqual({
      id: toId(registry.id),
      location: 'westeurope',
      sku: 'Premium',
      createdAt: '2025-03-11T09:14:27.441Z',
      provisioningState: 'Succeeded',
      encryption: { status: 'disabled' },
      publicNetworkAccess: 'Enabled',
      networkDefaultAction: 'Allow',
      reading,
    });
    expect(JSON.stringify(registry)).toContain('@');
    expect(JSON.stringify(read)).not.toMatch(/@|systemData|createdBy/);
  });

  it('gives its key', () => {
    const keyVaultProperties = {
      keyIdentifier: 'https://kv-images.vault.azure.net/keys/acr-cmk',
      versionedKeyIdentifier: 'https://kv-images.vault.azure.net/keys/acr-cmk/01',
      identity: 'system',
      keyRotationEnabled: true,
      lastKeyRotationTimestamp: '2026-05-01T00:00:00Z',
    };
    const encryption = { status: 'enabled', keyVaultProperties };
    const { lastKeyRotationTimestamp: lastKeyRotation, ...key } = keyVaultProperties;
    expect(toRegistry(withProperties({ encryption }), reading).encryption).toEqual({
      status: 'enabled',
      ...key,
      lastKeyRotation,
    });
  });

  it.each([
    [{ type: 'systemAssigned', principalId: 'p', tenantId: 't' }],
    [
      { type: 'systemAssigned, userAssigned', principalId: 'p', tenantId: 't' },
      { '/ids/a': { principalId: 'pa', clientId: 'ca' }, '/ids/b': { principalId: 'pb', clientId: 'cb' } },
      [
        { id: '/ids/a', principalId: 'pa', clientId: 'ca' },
        { id: '/ids/b', principalId: 'pb', clientId: 'cb' },
      ],
    ],
    [{ type: 'userAssigned' }, { '/ids/a': null, '/ids/b': {} }, [{ id: '/ids/a' }, { id: '/ids/b' }]],
    [{ type: 'None' }, {}, []],
    [{ type: 'None' }, null],
    [{ type: 'userAssigned' }, ['/ids/a']],
    [{}],
  ])(
    'gives its identities: %j with %j',
    (identity, userAssignedIdentities?: unknown, userAssigned?: unknown) => {
      const body = { ...registry, identity: { ...identity, userAssignedIdentities } };
      expect(toRegistry(body, reading).identity).toEqual({
        ...identity,
        ...(userAssigned ? { userAssigned } : {}),
      });
    },
  );

  it.each([
    [undefined, undefined],
    [null, undefined],
    ['systemAssigned', {}],
    [[], {}],
    [{ type: 7, principalId: null }, { type: '7' }],
  ])('is read with an identity that is %j', (identity, expected) => {
    expect(toRegistry({ ...registry, identity }, reading).identity).toEqual(expected);
  });

  it.each([
    ['Disabled', { defaultAction: 'Deny' }, 'Disabled', 'Deny'],
    [undefined, undefined, undefined, undefined],
    [null, null, undefined, undefined],
    [false, 'Deny', 'false', undefined],
    ['Enabled', { defaultAction: ['Deny'] }, 'Enabled', '["Deny"]'],
  ])('gives its network: %j with rules %j', (publicNetworkAccess, networkRuleSet, access, action) => {
    const read = toRegistry(withProperties({ publicNetworkAccess, networkRuleSet }), reading);
    expect([read.publicNetworkAccess, read.networkDefaultAction]).toEqual([access, action]);
  });

  it.each([
    ['no sku', undefined, undefined],
    ['a sku that is null', null, undefined],
    ['a sku that is no object', 'Premium', undefined],
    ['a sku without a name', { tier: 'Premium' }, 'Premium'],
    ['a sku whose name is no text', { name: 2 }, '2'],
  ])('is read with %s, on which the SDK throws', (_, sku, expected) => {
    expect(toRegistry({ ...registry, sku }, reading).sku).toBe(expected);
  });

  it('is read though all but its id and properties is missing, null or of another type', () => {
    const bare = { id: registry.id, properties: {} };
    expect(toRegistry(bare, reading)).toEqual({ id: toId(registry.id), location: '', reading });
    const nulls = withProperties({ creationDate: null, provisioningState: null, encryption: null });
    expect(toRegistry({ ...nulls, location: null }, reading)).toMatchObject({ location: '' });
    const odd = withProperties({ creationDate: {}, provisioningState: ['Succeeded'], encryption: 'enabled' });
    expect(toRegistry(odd, reading)).toMatchObject({
      createdAt: '{}',
      provisioningState: '["Succeeded"]',
      encryption: { status: '"enabled"' },
    });
  });

  it.each([
    ['2026-08-01T09:00:00Z', '2026-08-01T09:00:00.000Z'],
    ['2026-08-01T09:00:00.9999999Z', '2026-08-01T09:00:00.999Z'],
    ['2026-08-01T11:30:00.5+02:30', '2026-08-01T09:00:00.500Z'],
    ['yesterday', 'yesterday'],
  ])('has its creation time in milliseconds, UTC: %s', (creationDate, createdAt) => {
    expect(toRegistry(withProperties({ creationDate }), reading).createdAt).toBe(createdAt);
  });

  it.each([[null], [undefined], ['key'], [[]]])('is read with a key that is %j', (keyVaultProperties) => {
    const encryption = { status: 'enabled', keyVaultProperties };
    expect(toRegistry(withProperties({ encryption }), reading).encryption).toEqual({
      status: 'enabled',
    });
  });

  it.each<[string, unknown]>([
    ...noBodies,
    ['a body without id', { ...registry, id: undefined }],
    ['an id that is null', { ...registry, id: null }],
    ['an id that is no registry’s', { ...registry, id: vault.id }],
    ['an id below a registry', { ...registry, id: `${registry.id}/webhooks/x` }],
    ['no properties', withProperties(undefined)],
    ['properties that are null', withProperties(null)],
    ['properties that are a list', withProperties([])],
  ])('is a failed call when it is %s', (_, body) => {
    expect(() => toRegistry(body, reading)).toThrow(ReadFailure);
  });

  it('is a failed call when it is of another registry than was asked for, in more than casing', () => {
    const asked = toId(registry.id.toUpperCase());
    expect(toRegistry(registry, reading, asked).id.id).toBe(registry.id);
    const other = registryBody({ ...place, name: 'acrother' });
    expect(() => toRegistry(other, reading, asked)).toThrow('the body lacks its own id');
  });

  it('that can’t be read is told by what was asked, not by what it holds', () => {
    const body = { id: 'someone@contoso.example', properties: {} };
    expect(() => toRegistry(body, reading)).toThrow(
      `Reading registry ${registry.id}: the body lacks its own id`,
    );
  });
});
