import { describe, expect, it } from 'vitest';
import { keyBody, keyVersionBody, vaultBody } from '../../simulator/tenant/key-holder-body.ts';
import { toKeyVersion } from '../../src/bodies/key.ts';
import { ReadFailure } from '../../src/domain/estate/read-failure.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';

const subscription = '/subscriptions/6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b';
const place = { subscription, group: 'rg-images', location: 'westeurope', tenantId: 'tenant' };
const body = keyBody(vaultBody({ ...place, name: 'kv-images' }), { name: 'acr-cmk' });
const reading: Reading = {
  what: 'key',
  id: body.id,
  at: '2026-08-01T06:00:00.000Z',
  from: 'GET',
  status: 200,
};
const read = (properties: Record<string, unknown>) =>
  toKeyVersion({ ...body, properties: { ...body.properties, ...properties } }, reading);

describe('the body of a key', () => {
  it('gives its newest version', () => {
    const version = String(body.properties?.keyUriWithVersion).split('/').at(-1);
    expect(toKeyVersion(body, reading)).toEqual({
      state: 'found',
      version,
      rotations: [],
      attributes: { enabled: true, created: 1_741_684_500 },
      kty: 'RSA',
      keyOps: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
      keySize: 3072,
      readings: [reading],
    });
  });

  it('gives an older version, with its times', () => {
    const attributes = { enabled: false, nbf: 1_700_000_000, exp: 1_800_000_000 };
    const older = keyVersionBody(body, 'older', attributes);
    expect(toKeyVersion(older, reading)).toMatchObject({
      version: older.name,
      attributes: {
        enabled: false,
        notBefore: 1_700_000_000,
        expires: 1_800_000_000,
        created: 1_741_684_500,
      },
    });
  });

  it('is read with fields of another type, kept as Azure wrote them', () => {
    const attributes = { enabled: 'true', nbf: '0', exp: false, created: {} };
    expect(read({ attributes, keySize: '3072', kty: 7 })).toMatchObject({
      attributes: { enabled: 'true', notBefore: '0', expires: false, created: {} },
      keySize: '3072',
      kty: '7',
    });
  });

  it('is read with fields that are missing or null', () => {
    const bare = { state: 'found', rotations: [], readings: [reading] };
    expect(toKeyVersion({ properties: {} }, reading)).toEqual(bare);
    const names = ['attributes', 'kty', 'keyOps', 'keySize', 'keyUriWithVersion'];
    expect(read(Object.fromEntries(names.map((name) => [name, null])))).toEqual(bare);
  });

  it.each([
    {},
    [],
    'enabled',
    7,
    { enabled: null, nbf: null, exp: null, created: null },
    { recoveryLevel: 'Recoverable', updated: 1 },
  ])('tells nothing of its state when its attributes are %j', (attributes) => {
    expect(read({ attributes })).not.toHaveProperty('attributes');
  });

  it.each(['wrapKey', {}, ['wrapKey', 7], [null]])('tells no operations when they are %j', (keyOps) => {
    expect(read({ keyOps })).not.toHaveProperty('keyOps');
  });

  it.each([undefined, 'acr-cmk', 'https://kv-images.vault.azure.net/keys/acr-cmk', 7])(
    'tells no version when its address is %j',
    (keyUriWithVersion) => expect(read({ keyUriWithVersion })).not.toHaveProperty('version'),
  );

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['a list', []],
    ['a page of HTML', '<html></html>'],
    ['an error', { error: { code: 'InternalServerError' } }],
    ['a body without properties', { id: body.id, properties: null }],
  ])('is a failed call when it is %s', (_, odd) => {
    expect(() => toKeyVersion(odd, reading)).toThrow(ReadFailure);
  });
});
