import { describe, expect, it } from 'vitest';
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
} from './postures.ts';

/** What every rule that needs a customer-managed key says without one. */
export function describeCustomerKeyCases(rule: string, parts: Parts = {}): void {
  it.each([
    ['encryption disabled', plainRegistry()],
    ['no encryption', plainRegistry({ encryption: undefined })],
    ['Basic', plainRegistry({}, { sku: { name: 'Basic', tier: 'Basic' } })],
    ['a key that is named though encryption is disabled', toDisabled()],
  ])(`${rule} is not applicable without a customer-managed key: %s`, (_, body) => {
    expect(judge(rule, body, parts)).toMatchObject({
      outcome: 'notApplicable',
      reason: 'no_customer_managed_key',
    });
  });

  it(`${rule} is unknown where the status of the encryption is no known word`, () => {
    const body = plainRegistry({ encryption: { status: 'rotating' } });
    expect(judge(rule, body, parts)).toMatchObject({
      outcome: 'unknown',
      reason: 'encryption_status_unrecognised',
    });
  });
}

function toDisabled() {
  const { properties } = keyedRegistry();
  return plainRegistry({ encryption: { ...(properties?.encryption as object), status: 'disabled' } });
}

/** What a rule says that is judged by the registry alone: the same, whatever the state of the key holder. */
export function describeAnyKeyHolder(rule: string): void {
  describe(`${rule} is judged by the registry, also where the key holder`, () => {
    it.each([
      ['is a vault', found(vault())],
      ['is a Managed HSM', found(managedHsm())],
      ['is soft-deleted', deleted(vault())],
      ['exists nowhere', absent],
      ['answers 403', unreadable],
      ['is out of sight', notVisible],
    ])('%s', (_, keyHolder) => {
      const alone = judge(rule, keyedRegistry());
      const { outcome, reason, evidence } = judge(rule, keyedRegistry(), { keyHolder });
      expect({ outcome, reason, values: evidence.values }).toEqual({
        outcome: alone.outcome,
        reason: alone.reason,
        values: alone.evidence.values,
      });
      expect(['pass', 'fail']).toContain(outcome);
    });
  });
}
