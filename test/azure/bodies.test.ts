import { describe, expect, it } from 'vitest';
import * as bodies from '../../src/azure/bodies.ts';
import type { Reading } from '../../src/domain/reading.ts';
import { parseResourceId, type ResourceId } from '../../src/domain/resource-id.ts';
import { managedHsmBody, vaultBody } from '../../src/local/tenant/key-holder-body.ts';
import { registryBody } from '../../src/local/tenant/registry-body.ts';
import { ReadFailure } from '../../src/monitor/ports.ts';

const subscriptionId = '6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b';
const subscription = `/subscriptions/${subscriptionId}`;
const place = { subscription, group: 'rg-images', location: 'westeurope', tenantId: 'tenant' };
const registry = registryBody({ ...place, name: 'acrImages' });
const vault = vaultBody({ ...place, name: 'kv-images' });
const hsm = managedHsmBody({ ...place, name: 'hsm-images' });
const reading: Reading = {
  what: 'registry',
  id: registry.id,
  at: '2026-08-01T06:00:00.000Z',
  from: 'GET',
  status: 200,
};
const toId = (id: string) => parseResourceId(id) as ResourceId;
const withProperties = (properties: unknown) => ({ ...registry, properties });

const noBodies: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['an empty object', {}],
  ['a list', []],
  ['a text', 'Service unavailable'],
  ['a page of HTML', '<html></html>'],
  ['a number', 0],
  ['an error', { error: { code: 'InternalServerError' } }],
];

describe('the body of a registry', () => {
  it('gives what rules need, and nothing of people', () => {
    const read = bodies.toRegistry(registry, reading);
    expect(read).toEqual({
      id: toId(registry.id),
      location: 'westeurope',
      sku: 'Premium',
      createdAt: '2025-03-11T09:14:27.441Z',
      provisioningState: 'Succeeded',
      encryption: { status: 'disabled' },
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
    expect(bodies.toRegistry(withProperties({ encryption }), reading).encryption).toEqual({
      status: 'enabled',
      ...key,
      lastKeyRotation,
    });
  });

  it.each([
    ['no sku', undefined, undefined],
    ['a sku that is null', null, undefined],
    ['a sku that is no object', 'Premium', undefined],
    ['a sku without a name', { tier: 'Premium' }, 'Premium'],
    ['a sku whose name is no text', { name: 2 }, '2'],
  ])('is read with %s, on which the SDK throws', (_, sku, expected) => {
    expect(bodies.toRegistry({ ...registry, sku }, reading).sku).toBe(expected);
  });

  it('is read though all but its id and properties is missing, null or of another type', () => {
    const bare = { id: registry.id, properties: {} };
    expect(bodies.toRegistry(bare, reading)).toEqual({ id: toId(registry.id), location: '', reading });
    const nulls = withProperties({ creationDate: null, provisioningState: null, encryption: null });
    expect(bodies.toRegistry({ ...nulls, location: null }, reading)).toMatchObject({ location: '' });
    const odd = withProperties({ creationDate: {}, provisioningState: ['Succeeded'], encryption: 'enabled' });
    expect(bodies.toRegistry(odd, reading)).toMatchObject({
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
    expect(bodies.toRegistry(withProperties({ creationDate }), reading).createdAt).toBe(createdAt);
  });

  it.each([[null], [undefined], ['key'], [[]]])('is read with a key that is %j', (keyVaultProperties) => {
    const encryption = { status: 'enabled', keyVaultProperties };
    expect(bodies.toRegistry(withProperties({ encryption }), reading).encryption).toEqual({
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
    expect(() => bodies.toRegistry(body, reading)).toThrow(ReadFailure);
  });

  it('is a failed call when it is of another registry than was asked for, in more than casing', () => {
    const asked = toId(registry.id.toUpperCase());
    expect(bodies.toRegistry(registry, reading, asked).id.id).toBe(registry.id);
    const other = registryBody({ ...place, name: 'acrother' });
    expect(() => bodies.toRegistry(other, reading, asked)).toThrow('the body lacks its own id');
  });

  it('that can’t be read is told by what was asked, not by what it holds', () => {
    const body = { id: 'someone@contoso.example', properties: {} };
    expect(() => bodies.toRegistry(body, reading)).toThrow(
      `Reading registry ${registry.id}: the body lacks its own id`,
    );
  });
});

describe('the body of a key holder', () => {
  it.each([
    ['vault', vault, 'https://kv-images.vault.azure.net/'],
    ['managedHsm', hsm, 'https://hsm-images.managedhsm.azure.net/'],
  ])('of kind %s gives what rules need, and nothing of people', (kind, body, uri) => {
    const read = bodies.toKeyHolder(body, reading, toId(body.id));
    expect(read).toEqual({
      state: 'found',
      kind,
      id: body.id,
      name: body.name,
      location: 'westeurope',
      uri,
      provisioningState: 'Succeeded',
      softDelete: true,
      purgeProtection: true,
      retentionDays: 90,
      readings: [reading],
    });
    expect(JSON.stringify(read)).not.toMatch(/@|systemData|accessPolicies|initialAdmin/);
  });

  it('is read with properties that are missing, null or of another type, kept as Azure wrote them', () => {
    const read = (properties: unknown) => bodies.toKeyHolder({ properties }, reading, toId(vault.id));
    const bare = { state: 'found', kind: 'vault', id: vault.id, name: 'kv-images', readings: [reading] };
    expect(read({})).toEqual(bare);
    const names = ['vaultUri', 'provisioningState', 'enableSoftDelete', 'enablePurgeProtection'];
    expect(read(Object.fromEntries(names.map((name) => [name, null])))).toEqual(bare);
    expect(
      read({
        enableSoftDelete: 'false',
        enablePurgeProtection: 1,
        softDeleteRetentionInDays: '90',
        sku: null,
      }),
    ).toEqual({ ...bare, softDelete: 'false', purgeProtection: 1 });
  });

  it.each(['PartiallyDeleted', 'Deleting', 'Deleted', 'DELETED', 'partiallydeleted'])(
    'of a Managed HSM in state %s is that of a deleted one',
    (provisioningState) => {
      const scheduledPurgeDate = '2026-10-01T00:00:00Z';
      const body = managedHsmBody(
        { ...place, name: 'hsm-images' },
        { provisioningState, scheduledPurgeDate, enablePurgeProtection: false },
      );
      expect(bodies.toKeyHolder(body, reading, toId(hsm.id))).toEqual({
        state: 'deleted',
        kind: 'managedHsm',
        id: hsm.id,
        name: 'hsm-images',
        location: 'westeurope',
        purgeProtection: false,
        scheduledPurgeAt: scheduledPurgeDate,
        readings: [reading],
      });
    },
  );

  it.each([
    'Succeeded',
    'Provisioning',
    'Updating',
    'Activated',
    'SecurityDomainRestore',
    'Restoring',
    'Failed',
    undefined,
  ])('of a Managed HSM in state %s is that of a live one', (provisioningState) => {
    const body = managedHsmBody({ ...place, name: 'hsm-images' }, { provisioningState });
    expect(bodies.toKeyHolder(body, reading, toId(hsm.id)).state).toBe('found');
  });

  it.each<[string, unknown]>([
    ...noBodies,
    ['a body whose properties are null', { ...vault, properties: null }],
    ['the body of another vault', vaultBody({ ...place, name: 'kv-other' })],
  ])('is a failed call when it is %s', (_, body) => {
    expect(() => bodies.toKeyHolder(body, reading, toId(vault.id))).toThrow(ReadFailure);
  });
});

describe('the body of a soft-deleted key holder', () => {
  const where = { kind: 'vault', name: 'kv-images', subscriptionId, location: 'West Europe' } as const;
  const properties = {
    vaultId: vault.id,
    location: 'westeurope',
    deletionDate: '2026-07-30T12:00:00Z',
    scheduledPurgeDate: '2026-10-28T12:00:00Z',
    purgeProtectionEnabled: true,
    tags: { owner: 'kim.doe@contoso.example' },
  };
  const expected = {
    state: 'deleted',
    name: 'kv-images',
    location: 'westeurope',
    purgeProtection: true,
    deletedAt: '2026-07-30T12:00:00Z',
    scheduledPurgeAt: '2026-10-28T12:00:00Z',
    readings: [reading],
  };

  it('of a vault gives the id that it had', () => {
    const read = bodies.toDeletedKeyHolder({ properties }, reading, where);
    expect(read).toEqual({ ...expected, kind: 'vault', id: vault.id });
  });

  it('of a Managed HSM gives the id that it had', () => {
    const { vaultId: _, ...rest } = properties;
    const body = { properties: { ...rest, mhsmId: hsm.id } };
    const read = bodies.toDeletedKeyHolder(body, reading, { ...where, kind: 'managedHsm' });
    expect(read).toEqual({ ...expected, kind: 'managedHsm', id: hsm.id });
  });

  it('may lack everything but its properties', () => {
    const { state, name } = expected;
    expect(bodies.toDeletedKeyHolder({ properties: {} }, reading, where)).toEqual({
      ...{ state, name, kind: 'vault', location: 'West Europe' },
      readings: [reading],
    });
    const nulls = { properties: { purgeProtectionEnabled: null, location: null } };
    expect(bodies.toDeletedKeyHolder(nulls, reading, where)).not.toHaveProperty('purgeProtection');
  });

  it.each(noBodies)('is a failed call when it is %s', (_, body) => {
    expect(() => bodies.toDeletedKeyHolder(body, reading, where)).toThrow(ReadFailure);
  });
});

describe('an item of a list', () => {
  it('of key holders tells where it is, by its own URI too', () => {
    expect(bodies.toHolderLocations('vault', vault)).toEqual([
      { id: toId(vault.id), uri: 'https://kv-images.vault.azure.net/' },
    ]);
    expect(bodies.toHolderLocations('managedHsm', hsm)).toMatchObject([
      { uri: 'https://hsm-images.managedhsm.azure.net/' },
    ]);
    expect(bodies.toHolderLocations('vault', { id: vault.id, properties: null })).toEqual([
      { id: toId(vault.id) },
    ]);
  });

  const toDeletedId = (type: string, name: string) =>
    `${subscription}/providers/Microsoft.KeyVault/locations/westeurope/${type}/${name}`;

  it.each([
    ['vault', 'deletedVaults'],
    ['vault', 'DELETEDVAULTS'],
    ['managedHsm', 'deletedManagedHSMs'],
    ['managedHsm', 'deletedmanagedhsms'],
  ] as const)('of soft-deleted key holders (%s, %s) tells where it is kept', (kind, type) => {
    expect(bodies.toDeletedHolderLocations(kind, { id: toDeletedId(type, 'images') })).toEqual([
      { kind, name: 'images', subscriptionId, location: 'westeurope' },
    ]);
  });

  it.each([null, undefined, {}, 'x', 3, [], { id: null }, { id: '/subscriptions' }, { id: registry.id }])(
    'that is %j costs itself alone',
    (item) => {
      expect(bodies.toHolderLocations('vault', item)).toEqual([]);
      expect(bodies.toDeletedHolderLocations('vault', item)).toEqual([]);
    },
  );

  it('of the other kind is not taken for one of this kind', () => {
    expect(bodies.toHolderLocations('vault', hsm)).toEqual([]);
    expect(bodies.toHolderLocations('managedHsm', vault)).toEqual([]);
    const deletedHsm = { id: toDeletedId('deletedManagedHSMs', 'images') };
    expect(bodies.toDeletedHolderLocations('vault', deletedHsm)).toEqual([]);
  });

  it('of subscriptions has an id, and a name or its id in place of one', () => {
    const item = { id: subscription, subscriptionId, displayName: 'Production' };
    expect(bodies.toSubscription(item, reading)).toMatchObject({ subscriptionId, displayName: 'Production' });
    expect(bodies.toSubscription({ subscriptionId, displayName: null }, reading)).toMatchObject({
      displayName: subscriptionId,
    });
    expect(bodies.toSubscription({ ...item, tenantId: 'tenant' }, reading).tenantId).toBe('tenant');
    expect(bodies.toSubscription(item, reading)).not.toHaveProperty('tenantId');
  });

  it.each([undefined, null, ''])('of subscriptions is read by its id where it tells none: %j', (none) => {
    const item = { id: subscription.replace('subscriptions', 'Subscriptions'), subscriptionId: none };
    expect(bodies.toSubscription(item, reading)).toEqual({ subscriptionId, displayName: subscriptionId });
  });

  it.each([{}, null, [], { subscriptionId: '' }, { id: `${subscription}/resourceGroups/rg` }, { id: 1 }])(
    'of subscriptions that names none is a failed reading: %j',
    (odd) => {
      expect(() => bodies.toSubscription(odd, reading)).toThrow(ReadFailure);
    },
  );
});

describe('a page', () => {
  it('has items and a link to the next one', () => {
    const nextLink = 'https://arm.example/next';
    expect(bodies.toPage({ value: [1, null, {}], nextLink }, reading)).toEqual({
      items: [1, null, {}],
      nextLink,
    });
    expect(bodies.toPage({ value: [], nextLink }, reading)).toEqual({ items: [], nextLink });
  });

  it.each([undefined, null, ''])('is the last one when its link is %j', (nextLink) => {
    expect(bodies.toPage({ value: [1], nextLink }, reading)).toEqual({ items: [1] });
  });

  it.each<[string, unknown]>([
    ...noBodies,
    ['one whose items are null', { value: null }],
    ['one whose link is no text', { value: [], nextLink: 1 }],
  ])('is a failed call when it is %s', (_, body) => {
    expect(() => bodies.toPage(body, reading)).toThrow(ReadFailure);
  });
});

describe('the availability of a name', () => {
  it.each([true, false])('is read: %s', (nameAvailable) => {
    const body = { nameAvailable, reason: 'AlreadyExists', message: '' };
    expect(bodies.toNameAvailability(body, reading)).toBe(nameAvailable);
  });

  it.each<[string, unknown]>([
    ...noBodies,
    ['a word', { nameAvailable: 'true' }],
    ['null', { nameAvailable: null }],
  ])('is a failed call when the body is %s: only a boolean tells', (_, body) => {
    expect(() => bodies.toNameAvailability(body, reading)).toThrow(ReadFailure);
  });
});
