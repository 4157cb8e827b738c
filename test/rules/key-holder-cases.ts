import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/verdict.ts';
import {
  absent,
  deleted,
  found,
  judge,
  keyedRegistry,
  managedHsm,
  notVisible,
  plainRegistry,
  unreadable,
  vault,
} from './postures.ts';

/** What every rule on the key holder has to say where it can't be read or is gone. */
export function describeKeyHolderCases(rule: string, gone: { deleted: Outcome; absent: Outcome }): void {
  describe(`${rule} is not applicable without a customer-managed key:`, () => {
    it.each([
      ['encryption disabled', plainRegistry()],
      ['no encryption', plainRegistry({ encryption: undefined })],
      ['Basic', plainRegistry({}, { sku: { name: 'Basic', tier: 'Basic' } })],
    ])('%s', (_, body) => {
      expect(judge(rule, body, found(vault()))).toMatchObject({
        outcome: 'notApplicable',
        reason: 'no_customer_managed_key',
      });
    });
  });

  describe(`${rule} is unknown`, () => {
    it.each([
      ['no key', undefined],
      ['a key that is null', null],
      ['no identifier', {}],
      ['an identifier that is null', { keyIdentifier: null }],
      ['an empty identifier', { keyIdentifier: '' }],
      ['an identifier that is no URI', { keyIdentifier: 'acr-cmk' }],
      ['an identifier that is no text', { keyIdentifier: 7 }],
    ])('with %s', (_, keyVaultProperties) => {
      const body = plainRegistry({ encryption: { status: 'enabled', keyVaultProperties } });
      expect(judge(rule, body, found(vault()))).toMatchObject({
        outcome: 'unknown',
        reason: 'key_identifier_unusable',
      });
    });

    it('where the status of the encryption is no known word', () => {
      const body = plainRegistry({ encryption: { status: 'rotating' } });
      expect(judge(rule, body)).toMatchObject({
        outcome: 'unknown',
        reason: 'encryption_status_unrecognised',
      });
    });

    it.each([
      ['answers 403', unreadable, 'key_holder_unreadable'],
      ['is out of sight', notVisible, 'key_holder_not_visible'],
    ])('where the key holder %s, and shows what was asked', (_, keyHolder, reason) => {
      const verdict = judge(rule, keyedRegistry(), keyHolder);
      expect(verdict).toMatchObject({ outcome: 'unknown', reason });
      expect(verdict.evidence.read.slice(1)).toEqual(keyHolder.readings);
    });
  });

  describe(`${rule} is ${gone.deleted} where the key holder is soft-deleted:`, () => {
    it.each([
      ['a vault', deleted(vault())],
      ['a Managed HSM', deleted(managedHsm())],
      [
        'a Managed HSM that is listed as partially deleted',
        found(managedHsm({ provisioningState: 'PartiallyDeleted' })),
      ],
      ['a Managed HSM that is listed as deleting', found(managedHsm({ provisioningState: 'deleting' }))],
      ['a Managed HSM that is listed as deleted', found(managedHsm({ provisioningState: 'Deleted' }))],
    ])('%s', (_, keyHolder) => {
      expect(judge(rule, keyedRegistry(), keyHolder).outcome).toBe(gone.deleted);
    });
  });

  it(`${rule} is ${gone.absent} where the key holder exists nowhere`, () => {
    expect(judge(rule, keyedRegistry(), absent).outcome).toBe(gone.absent);
  });

  it(`${rule} shows the key identifier and every read that it rests on`, () => {
    const verdict = judge(rule, keyedRegistry(), found(vault()));
    expect(verdict.evidence.values).toMatchObject({
      keyIdentifier: 'https://kv-images.vault.azure.net/keys/acr-cmk',
    });
    expect(verdict.evidence.read.map(({ what }) => what)).toEqual(['registry', 'vault']);
  });
}
