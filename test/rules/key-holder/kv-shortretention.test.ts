import { describe, expect, it } from 'vitest';
import { found, judge, keyedRegistry, managedHsm, type Parts, vault } from '../postures.ts';
import { describeKeyHolderCases } from './key-holder-cases.ts';

const rule = 'kv_shortretention';

describeKeyHolderCases(rule);

describe.each([
  ['a vault', vault],
  ['a Managed HSM', managedHsm],
])('%s', (_, build) => {
  const judgeDays = (softDeleteRetentionInDays: unknown, thresholds: Parts['thresholds'] = {}) =>
    judge(rule, keyedRegistry(), { keyHolder: found(build({ softDeleteRetentionInDays })), thresholds });

  it.each([90, 91, undefined, null])('passes when it keeps for %j days', (days) => {
    expect(judgeDays(days)).toMatchObject({ outcome: 'pass', reason: 'retention_long_enough' });
  });

  it.each([7, 89, 0])('fails when it keeps for %j days', (days) => {
    expect(judgeDays(days)).toMatchObject({
      outcome: 'fail',
      reason: 'retention_too_short',
      severity: 'low',
    });
  });

  it.each(['90', 'P90D', true, [90], {}])('is unknown when it keeps for %j', (days) => {
    expect(judgeDays(days)).toMatchObject({ outcome: 'unknown', reason: 'retention_unrecognised' });
  });

  it('goes by the days that configuration asks for, and shows both', () => {
    const verdict = judgeDays(14, { SOFT_DELETE_MIN_DAYS: 14 });
    expect(verdict.outcome).toBe('pass');
    expect(verdict.evidence.values).toMatchObject({ softDeleteRetentionInDays: 14, softDeleteMinDays: 14 });
    expect(judgeDays(13, { SOFT_DELETE_MIN_DAYS: 14 }).outcome).toBe('fail');
  });

  it('shows nothing for an absent field', () => {
    expect(judgeDays(undefined).evidence.values).not.toHaveProperty('softDeleteRetentionInDays');
  });
});
