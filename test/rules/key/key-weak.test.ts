import { expect, it } from 'vitest';
import { keyVersion } from '../parts.ts';
import { found, judge, keyedRegistry, type Parts, vault } from '../postures.ts';
import { describeKeyVersionCases } from './key-version-cases.ts';

const rule = 'key_weak';
const judgeSize = (keySize: unknown, thresholds: Parts['thresholds'] = {}) =>
  judge(rule, keyedRegistry(), {
    keyHolder: found(vault()),
    key: { newest: keyVersion({}, { keySize }) },
    thresholds,
  });

describeKeyVersionCases(rule, keyVersion({}, { keySize: 2048 }));

it.each([3072, 4096])('passes a key of %d bits', (keySize) => {
  expect(judgeSize(keySize)).toMatchObject({ outcome: 'pass', reason: 'key_long_enough' });
});

it.each([2048, 3071, 0])('fails a key of %d bits', (keySize) => {
  expect(judgeSize(keySize)).toMatchObject({ outcome: 'fail', reason: 'key_too_short', severity: 'low' });
});

it.each([undefined, null, '4096', true, {}])('is unknown for a key of %j bits', (keySize) => {
  expect(judgeSize(keySize)).toMatchObject({ outcome: 'unknown', reason: 'key_size_unrecognised' });
});

it('goes by the length that configuration asks for, and shows it', () => {
  expect(judgeSize(2048, { KEY_MIN_BITS: 2048 }).outcome).toBe('pass');
  const verdict = judgeSize(3072, { KEY_MIN_BITS: 4096 });
  expect(verdict.outcome).toBe('fail');
  expect(verdict.evidence.values).toMatchObject({ keySize: 3072, keyMinBits: 4096, kty: 'RSA' });
});
