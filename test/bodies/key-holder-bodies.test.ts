import { describe, expect, it } from 'vitest';
import { managedHsmBody, vaultBody } from '../../simulator/tenant/key-holder-body.ts';
import { toDeletedKeyHolder, toKeyHolder } from '../../src/bodies/key-holder.ts';
import { ReadFailure } from '../../src/domain/estate/read-failure.ts';
import { hsm, noBodies, place, reading, subscriptionId, toId, vault } from './sample-bodies.ts';

const noRules = { addressRules: 0, subnetRules: 0, privateEndpoints: 0 };

describe('the body of a key holder', () => {
  it.each([
    [
      'vault',
      vault,
      'https://kv-images.vault.azure.net/',
      {
        rbacAuthorization: true,
        accessPolicies: [],
        network: { publicNetworkAccess: 'Enabled', hasRules: false, ...noRules },
      },
    ],
    [
      'managedHsm',
      hsm,
      'https://hsm-images.managedhsm.azure.net/',
      {
        activationStatus: 'Active',
        network: {
          publicNetworkAccess: 'Enabled',
          hasRules: true,
          bypass: 'AzureServices',
          defaultAction: 'Allow',
          ...noRules,
        },
      },
    ],
  ])('of kind %s gives what rules need, and nothing of people', (kind, body, uri, ofKind) => {
    const read = toKeyHolder(body, reading, toId(body.id));
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
      tenantId: 'tenant',
      regions: [],
      readings: [reading],
      ...ofKind,
    });
    expect(JSON.stringify(read)).not.toMatch(/@|systemData|initialAdmin/);
  });

  it('is read with properties that are missing, null or of another type, kept as Azure wrote them', () => {
    const read = (properties: unknown) => toKeyHolder({ properties }, reading, toId(vault.id));
    const network = { hasRules: false, ...noRules };
    const bare = {
      ...{ state: 'found', kind: 'vault', id: vault.id, name: 'kv-images', readings: [reading] },
      ...{ network, regions: [] },
    };
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
    ).toEqual({ ...bare, softDelete: 'false', purgeProtection: 1, retentionDays: '90' });
  });

  it.each(['PartiallyDeleted', 'Deleting', 'Deleted', 'DELETED', 'partiallydeleted'])(
    'of a Managed HSM in state %s is that of a deleted one',
    (provisioningState) => {
      const scheduledPurgeDate = '2026-10-01T00:00:00Z';
      const body = managedHsmBody(
        { ...place, name: 'hsm-images' },
        { provisioningState, scheduledPurgeDate, enablePurgeProtection: false },
      );
      expect(toKeyHolder(body, reading, toId(hsm.id))).toEqual({
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
    expect(toKeyHolder(body, reading, toId(hsm.id)).state).toBe('found');
  });

  it.each<[string, unknown]>([
    ...noBodies,
    ['a body whose properties are null', { ...vault, properties: null }],
    ['the body of another vault', vaultBody({ ...place, name: 'kv-other' })],
  ])('is a failed call when it is %s', (_, body) => {
    expect(() => toKeyHolder(body, reading, toId(vault.id))).toThrow(ReadFailure);
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
    const read = toDeletedKeyHolder({ properties }, reading, where);
    expect(read).toEqual({ ...expected, kind: 'vault', id: vault.id });
  });

  it('of a Managed HSM gives the id that it had', () => {
    const { vaultId: _, ...rest } = properties;
    const body = { properties: { ...rest, mhsmId: hsm.id } };
    const read = toDeletedKeyHolder(body, reading, { ...where, kind: 'managedHsm' });
    expect(read).toEqual({ ...expected, kind: 'managedHsm', id: hsm.id });
  });

  it('may lack everything but its properties', () => {
    const { state, name } = expected;
    expect(toDeletedKeyHolder({ properties: {} }, reading, where)).toEqual({
      ...{ state, name, kind: 'vault', location: 'West Europe' },
      readings: [reading],
    });
    const nulls = { properties: { purgeProtectionEnabled: null, location: null } };
    expect(toDeletedKeyHolder(nulls, reading, where)).not.toHaveProperty('purgeProtection');
  });

  it.each(noBodies)('is a failed call when it is %s', (_, body) => {
    expect(() => toDeletedKeyHolder(body, reading, where)).toThrow(ReadFailure);
  });
});
