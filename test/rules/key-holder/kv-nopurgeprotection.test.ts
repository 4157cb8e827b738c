import { describe, expect, it } from 'vitest';
import { deleted, found, judge, keyedRegistry, managedHsm, vault } from '../postures.ts';
import { describeKeyHolderCases } from './key-holder-cases.ts';

const rule = 'kv_nopurgeprotection';

describeKeyHolderCases(rule, { deleted: 'pass', absent: 'notApplicable' });

describe.each([
  ['a vault', vault],
  ['a Managed HSM', managedHsm],
])('%s', (_, build) => {
  it('passes with purge protection', () => {
    const verdict = judge(rule, keyedRegistry(), {
      keyHolder: found(build({ enablePurgeProtection: true })),
    });
    expect(verdict).toMatchObject({ outcome: 'pass', reason: 'purge_protection_on', severity: 'high' });
    expect(verdict.evidence.values).toMatchObject({ enableSoftDelete: true, enablePurgeProtection: true });
  });

  it.each([[undefined], [false], [null], ['true'], [1], [{}]])(
    'fails with purge protection %j: only a boolean true protects',
    (enablePurgeProtection) => {
      const verdict = judge(rule, keyedRegistry(), { keyHolder: found(build({ enablePurgeProtection })) });
      expect(verdict).toMatchObject({ outcome: 'fail', reason: 'purge_protection_off' });
    },
  );

  it.each([[undefined], [null]])('passes with soft delete %j, which means on', (enableSoftDelete) => {
    expect(judge(rule, keyedRegistry(), { keyHolder: found(build({ enableSoftDelete })) }).outcome).toBe(
      'pass',
    );
  });
});

describe('a vault without soft delete', () => {
  it.each([[true], [undefined]])('fails for that, with purge protection %j', (enablePurgeProtection) => {
    const keyHolder = found(vault({ enableSoftDelete: false, enablePurgeProtection }));
    expect(judge(rule, keyedRegistry(), { keyHolder })).toMatchObject({
      outcome: 'fail',
      reason: 'soft_delete_off',
    });
  });

  it('can not be told apart from one with it when the field is no boolean: then it does not pass', () => {
    const keyHolder = found(vault({ enableSoftDelete: 'off' }));
    expect(judge(rule, keyedRegistry(), { keyHolder })).toMatchObject({
      outcome: 'unknown',
      reason: 'soft_delete_unrecognised',
    });
  });
});

it('a Managed HSM always has soft delete, whatever the field says', () => {
  expect(
    judge(rule, keyedRegistry(), { keyHolder: found(managedHsm({ enableSoftDelete: false })) }).outcome,
  ).toBe('pass');
});

describe('a soft-deleted key holder', () => {
  it.each([vault, managedHsm])('passes when its purge protection is on', (build) => {
    const verdict = judge(rule, keyedRegistry(), { keyHolder: deleted(build()) });
    expect(verdict).toMatchObject({ outcome: 'pass', reason: 'purge_protection_on' });
    expect(verdict.evidence.values).toMatchObject({ purgeProtectionEnabled: true });
  });

  it.each([[undefined], [false], [null], ['true']])('fails when it is %j', (purgeProtectionEnabled) => {
    for (const build of [vault, managedHsm]) {
      const verdict = judge(rule, keyedRegistry(), {
        keyHolder: deleted(build(), { purgeProtectionEnabled }),
      });
      expect(verdict).toMatchObject({ outcome: 'fail', reason: 'purge_protection_off' });
    }
  });

  it('that is a Managed HSM still listed is judged by its own field', () => {
    const leaving = (enablePurgeProtection: unknown) =>
      found(managedHsm({ provisioningState: 'Deleting', enablePurgeProtection }));
    expect(judge(rule, keyedRegistry(), { keyHolder: leaving(true) }).outcome).toBe('pass');
    expect(judge(rule, keyedRegistry(), { keyHolder: leaving(false) }).outcome).toBe('fail');
  });
});
