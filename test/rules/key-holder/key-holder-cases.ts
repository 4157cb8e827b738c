import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/record/verdict.ts';
import { findRule } from '../../../src/rules/catalog.ts';
import { describeCustomerKeyCases } from '../customer-key-cases.ts';
import {
  absent,
  deleted,
  found,
  judge,
  keyedRegistry,
  managedHsm,
  notVisible,
  type Parts,
  plainRegistry,
  unreadable,
  vault,
} from '../postures.ts';

/** What rules say where the key holder is gone. */
interface Gone {
  deleted: Outcome;
  absent: Outcome;
}

/** What every rule on the key holder has to say where it can't be read or is gone; `parts` are what else was read. */
export function describeKeyHolderCases(
  rule: string,
  gone: Gone = { deleted: 'notApplicable', absent: 'notApplicable' },
  parts: Parts = {},
): void {
  describeCustomerKeyCases(rule, { ...parts, keyHolder: found(vault()) });

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
      expect(judge(rule, body, { ...parts, keyHolder: found(vault()) })).toMatchObject({
        outcome: 'unknown',
        reason: 'key_identifier_unusable',
      });
    });

    it.each([
      ['answers 403', unreadable, 'key_holder_unreadable'],
      ['is out of sight', notVisible, 'key_holder_not_visible'],
    ])('where the key holder %s, and shows what was asked', (_, keyHolder, reason) => {
      const verdict = judge(rule, keyedRegistry(), { keyHolder });
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
      expect(judge(rule, keyedRegistry(), { ...parts, keyHolder }).outcome).toBe(gone.deleted);
    });
  });

  it(`${rule} is ${gone.absent} where the key holder exists nowhere`, () => {
    expect(judge(rule, keyedRegistry(), { ...parts, keyHolder: absent }).outcome).toBe(gone.absent);
  });

  it(`${rule} shows the key identifier and every read that it rests on`, () => {
    const verdict = judge(rule, keyedRegistry(), { ...parts, keyHolder: found(vault()) });
    expect(verdict.evidence.values).toMatchObject({
      keyIdentifier: 'https://kv-images.vault.azure.net/keys/acr-cmk',
    });
    const { reads = [] } = findRule(rule) ?? {};
    expect(verdict.evidence.read.slice(0, 2).map(({ what }) => what)).toEqual(['registry', 'vault']);
    for (const part of reads)
      if (parts[part as 'key']) expect(verdict.evidence.read.length).toBeGreaterThan(2);
  });
}
