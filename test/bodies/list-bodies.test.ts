import { describe, expect, it } from 'vitest';
import {
  toDeletedHolderLocations,
  toHolderLocations,
  toNameAvailability,
  toPage,
  toSubscription,
} from '../../src/bodies/lists.ts';
import { ReadFailure } from '../../src/domain/estate/read-failure.ts';
import {
  hsm,
  noBodies,
  reading,
  registry,
  subscription,
  subscriptionId,
  toId,
  vault,
} from './sample-bodies.ts';

describe('an item of a list', () => {
  it('of key holders tells where it is, by its own URI too', () => {
    expect(toHolderLocations('vault', vault)).toEqual([
      { id: toId(vault.id), uri: 'https://kv-images.vault.azure.net/' },
    ]);
    expect(toHolderLocations('managedHsm', hsm)).toMatchObject([
      { uri: 'https://hsm-images.managedhsm.azure.net/' },
    ]);
    expect(toHolderLocations('vault', { id: vault.id, properties: null })).toEqual([{ id: toId(vault.id) }]);
  });

  const toDeletedId = (type: string, name: string) =>
    `${subscription}/providers/Microsoft.KeyVault/locations/westeurope/${type}/${name}`;

  it.each([
    ['vault', 'deletedVaults'],
    ['vault', 'DELETEDVAULTS'],
    ['managedHsm', 'deletedManagedHSMs'],
    ['managedHsm', 'deletedmanagedhsms'],
  ] as const)('of soft-deleted key holders (%s, %s) tells where it is kept', (kind, type) => {
    expect(toDeletedHolderLocations(kind, { id: toDeletedId(type, 'images') })).toEqual([
      { kind, name: 'images', subscriptionId, location: 'westeurope' },
    ]);
  });

  it.each([null, undefined, {}, 'x', 3, [], { id: null }, { id: '/subscriptions' }, { id: registry.id }])(
    'that is %j costs itself alone',
    (item) => {
      expect(toHolderLocations('vault', item)).toEqual([]);
      expect(toDeletedHolderLocations('vault', item)).toEqual([]);
    },
  );

  it('of the other kind is not taken for one of this kind', () => {
    expect(toHolderLocations('vault', hsm)).toEqual([]);
    expect(toHolderLocations('managedHsm', vault)).toEqual([]);
    const deletedHsm = { id: toDeletedId('deletedManagedHSMs', 'images') };
    expect(toDeletedHolderLocations('vault', deletedHsm)).toEqual([]);
  });

  it('of subscriptions has an id, and a name or its id in place of one', () => {
    const item = { id: subscription, subscriptionId, displayName: 'Production' };
    expect(toSubscription(item, reading)).toMatchObject({ subscriptionId, displayName: 'Production' });
    expect(toSubscription({ subscriptionId, displayName: null }, reading)).toMatchObject({
      displayName: subscriptionId,
    });
    expect(toSubscription({ ...item, tenantId: 'tenant' }, reading).tenantId).toBe('tenant');
    expect(toSubscription(item, reading)).not.toHaveProperty('tenantId');
  });

  it.each([undefined, null, ''])('of subscriptions is read by its id where it tells none: %j', (none) => {
    const item = { id: subscription.replace('subscriptions', 'Subscriptions'), subscriptionId: none };
    expect(toSubscription(item, reading)).toEqual({ subscriptionId, displayName: subscriptionId });
  });

  it.each([{}, null, [], { subscriptionId: '' }, { id: `${subscription}/resourceGroups/rg` }, { id: 1 }])(
    'of subscriptions that names none is a failed reading: %j',
    (odd) => {
      expect(() => toSubscription(odd, reading)).toThrow(ReadFailure);
    },
  );
});

describe('a page', () => {
  it('has items and a link to the next one', () => {
    const nextLink = 'https://arm.example/next';
    expect(toPage({ value: [1, null, {}], nextLink }, reading)).toEqual({
      items: [1, null, {}],
      nextLink,
    });
    expect(toPage({ value: [], nextLink }, reading)).toEqual({ items: [], nextLink });
  });

  it.each([undefined, null, ''])('is the last one when its link is %j', (nextLink) => {
    expect(toPage({ value: [1], nextLink }, reading)).toEqual({ items: [1] });
  });

  it.each<[string, unknown]>([
    ...noBodies,
    ['one whose items are null', { value: null }],
    ['one whose link is no text', { value: [], nextLink: 1 }],
  ])('is a failed call when it is %s', (_, body) => {
    expect(() => toPage(body, reading)).toThrow(ReadFailure);
  });
});

describe('the availability of a name', () => {
  it.each([true, false])('is read: %s', (nameAvailable) => {
    const body = { nameAvailable, reason: 'AlreadyExists', message: '' };
    expect(toNameAvailability(body, reading)).toBe(nameAvailable);
  });

  it.each<[string, unknown]>([
    ...noBodies,
    ['a word', { nameAvailable: 'true' }],
    ['null', { nameAvailable: null }],
  ])('is a failed call when the body is %s: only a boolean tells', (_, body) => {
    expect(() => toNameAvailability(body, reading)).toThrow(ReadFailure);
  });
});
