import { describe, expect, it } from 'vitest';
import { hasCustomerKey, isSameCreation, isTerminal } from '../../../src/domain/estate/registry.ts';

describe('a registry', () => {
  it.each(['Succeeded', 'Failed', 'Canceled', 'succeeded', 'FAILED', undefined])(
    'in state %s can be judged',
    (state) => expect(isTerminal(state)).toBe(true),
  );

  it.each(['Creating', 'Updating', 'Deleting', 'Accepted', 'Cancelled', 'SomethingNew', ''])(
    'in state "%s" is not judged yet',
    (state) => expect(isTerminal(state)).toBe(false),
  );

  it.each([
    ['enabled', true],
    ['Enabled', true],
    ['disabled', false],
    ['DISABLED', false],
    ['rotating', 'unknown'],
    ['', 'unknown'],
  ] as const)('whose encryption has the status "%s" has a customer key: %s', (status, expected) => {
    expect(hasCustomerKey({ status })).toBe(expected);
  });

  it('without encryption, or without its status, has no customer key', () => {
    expect(hasCustomerKey(undefined)).toBe(false);
    expect(hasCustomerKey({ keyIdentifier: 'https://kv.vault.azure.net/keys/k' })).toBe(false);
  });
});

describe('two creation times', () => {
  it.each([
    ['are equal texts', '2025-03-11T09:14:27.4410312Z', '2025-03-11T09:14:27.4410312Z'],
    [
      'are the same instant in two notations',
      '2025-03-11T09:14:27.441Z',
      '2025-03-11T09:14:27.4410000+00:00',
    ],
    ['are the same instant in two time zones', '2025-03-11T09:14:27Z', '2025-03-11T10:14:27+01:00'],
    ['are not both known', undefined, '2025-03-11T09:14:27Z'],
    ['are both unknown', undefined, undefined],
    ['are not both filled in', '2025-03-11T09:14:27Z', ''],
    ['are equal texts that are no times', 'once', 'once'],
  ])('are of the same registry when they %s', (_, a, b) => {
    expect(isSameCreation(a, b)).toBe(true);
    expect(isSameCreation(b, a)).toBe(true);
  });

  it.each([
    ['2025-03-11T09:14:27.441Z', '2025-03-11T09:14:27.442Z'],
    ['2025-03-11T09:14:27Z', '2026-03-11T09:14:27Z'],
    ['2025-03-11T09:14:27Z', 'once'],
  ])('are of two registries when they differ: %s and %s', (a, b) => {
    expect(isSameCreation(a, b)).toBe(false);
    expect(isSameCreation(b, a)).toBe(false);
  });
});
