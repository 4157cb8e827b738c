import { describe, expect, it } from 'vitest';
import {
  type KeyVersion,
  toJudgedVersion,
  toKeyReadings,
  toVersionInUse,
} from '../../../src/domain/estate/key.ts';
import { parseKeyIdentifier } from '../../../src/domain/estate/key-identifier.ts';
import type { Reading } from '../../../src/domain/estate/reading.ts';

const uri = 'https://kv-images.vault.azure.net/keys/acr-cmk';
const toInUse = (keyIdentifier: string, versionedKeyIdentifier?: string) => {
  const key = parseKeyIdentifier(keyIdentifier);
  if (!key) throw new Error(`${keyIdentifier} is no key identifier`);
  return toVersionInUse(key, versionedKeyIdentifier === undefined ? undefined : { versionedKeyIdentifier });
};

describe('the version in use', () => {
  it.each([
    ['the one that the identifier names', `${uri}/01`, undefined, '01'],
    ['the one that the identifier names, whatever else is told', `${uri}/01`, `${uri}/02`, '01'],
    ['the one that is told', uri, `${uri}/02`, '02'],
    ['the one that is told with a port', uri, 'https://kv-images.vault.azure.net:443/keys/acr-cmk/02', '02'],
    [
      'the one that is told in another casing',
      uri,
      'https://KV-IMAGES.vault.azure.net/keys/ACR-CMK/02',
      '02',
    ],
    ['not told', uri, undefined, undefined],
    ['not told by a versionless identifier', uri, uri, undefined],
    ['not told by what is no identifier', uri, 'acr-cmk/02', undefined],
    ['of another key', uri, 'https://kv-images.vault.azure.net/keys/other/02', 'other'],
    ['of another key holder', uri, 'https://kv-other.vault.azure.net/keys/acr-cmk/02', 'other'],
  ])('is %s', (_, identifier, versioned, expected) => {
    expect(toInUse(identifier, versioned)).toBe(expected);
  });
});

const toReading = (id: string): Reading => ({
  what: 'key',
  id,
  at: '2026-08-01T06:00:00.000Z',
  from: 'GET',
  status: 200,
});
const toVersion = (...readings: Reading[]): KeyVersion => ({ state: 'absent', readings });

describe('of the versions of a key', () => {
  const [newest, inUse] = [toVersion(toReading('newest')), toVersion(toReading('inUse'))];

  it('the one in use is judged where it is known, else the newest', () => {
    expect(toJudgedVersion({ newest, inUse })).toBe(inUse);
    expect(toJudgedVersion({ inUse })).toBe(inUse);
    expect(toJudgedVersion({ newest })).toBe(newest);
    expect(toJudgedVersion({})).toBeUndefined();
  });

  it('all reads are told, one that they share once', () => {
    expect(toKeyReadings({ newest, inUse })).toEqual([...newest.readings, ...inUse.readings]);
    expect(toKeyReadings({ newest, inUse: newest })).toEqual(newest.readings);
    expect(toKeyReadings({})).toEqual([]);
  });
});
