import { describe, expect, it } from 'vitest';
import {
  absent,
  found,
  judge,
  keyedRegistry,
  plainRegistry,
  readingOf,
  unreadable,
  vault,
} from '../postures.ts';

const rule = 'acr_nocmk';
const sku = (name: unknown) => ({ sku: { name, tier: name } });

describe('a registry with a customer-managed key', () => {
  it('passes', () => {
    const body = keyedRegistry();
    expect(judge(rule, body, { keyHolder: found(vault()) })).toEqual({
      rule,
      severity: 'high',
      outcome: 'pass',
      reason: 'encryption_enabled',
      evidence: {
        values: { 'encryption.status': 'enabled', 'sku.name': 'Premium' },
        read: [readingOf('registry', body.id)],
      },
    });
  });

  it.each([
    ['absent', absent],
    ['unreadable', unreadable],
  ])('passes though its key holder is %s', (_, keyHolder) => {
    expect(judge(rule, keyedRegistry(), { keyHolder }).outcome).toBe('pass');
  });

  it.each([
    ['no identifier', {}],
    ['no key at all', undefined],
    ['a key that is null', null],
    ['an identifier that is no URI', { keyIdentifier: 'acr-cmk' }],
    ['an identifier at a host that is no vault', { keyIdentifier: 'https://keys.example.com/keys/acr-cmk' }],
  ])('passes with %s', (_, keyVaultProperties) => {
    const encryption = { status: 'Enabled', keyVaultProperties };
    expect(judge(rule, plainRegistry({ encryption })).outcome).toBe('pass');
  });
});

describe('a registry without a customer-managed key', () => {
  it.each([
    ['its encryption is disabled', { encryption: { status: 'disabled' } }],
    ['the word is written otherwise', { encryption: { status: 'Disabled' } }],
    ['encryption is left out, as by old api versions', { encryption: undefined }],
    ['encryption is null', { encryption: null }],
    ['encryption is empty', { encryption: {} }],
    ['its status is null', { encryption: { status: null } }],
    [
      'a key is named but the status is disabled',
      {
        encryption: {
          status: 'disabled',
          keyVaultProperties: { keyIdentifier: 'https://kv.vault.azure.net/keys/k' },
        },
      },
    ],
  ])('fails when %s', (_, properties) => {
    expect(judge(rule, plainRegistry(properties))).toMatchObject({
      outcome: 'fail',
      reason: 'encryption_disabled',
    });
  });

  it('shows what it read', () => {
    expect(judge(rule, plainRegistry()).evidence.values).toEqual({
      'encryption.status': 'disabled',
      'sku.name': 'Premium',
    });
    const old = plainRegistry({ encryption: undefined }, { sku: undefined });
    expect(judge(rule, old).evidence.values).toEqual({});
  });

  it.each(['Basic', 'Standard', 'standard', 'Classic'])('of sku %s fails for its sku', (name) => {
    const verdict = judge(rule, plainRegistry({}, sku(name)));
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'sku_unsupported' });
    expect(verdict.evidence.values).toMatchObject({ 'sku.name': name });
  });

  it.each([
    ['Premium in any casing', sku('premium')],
    ['no sku', { sku: undefined }],
    ['a sku that is null', { sku: null }],
    ['an empty sku', { sku: {} }],
  ])('with %s fails for its encryption', (_, rest) => {
    expect(judge(rule, plainRegistry({}, rest))).toMatchObject({
      outcome: 'fail',
      reason: 'encryption_disabled',
    });
  });
});

it.each([
  ['rotating', 'a word that nobody documented'],
  ['', 'an empty text'],
  [true, 'a boolean'],
  [{ value: 'enabled' }, 'an object'],
])('a status of %j, %s, is unknown', (status, _) => {
  const verdict = judge(rule, plainRegistry({ encryption: { status } }));
  expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'encryption_status_unrecognised' });
});

it.each([['enabled'], [[]], [1]])('encryption that is %j and no object is unknown', (encryption) => {
  expect(judge(rule, plainRegistry({ encryption })).outcome).toBe('unknown');
});
