import { expect, it } from 'vitest';
import { inDays, keyVersion } from '../parts.ts';
import { found, judge, keyedRegistry, type Parts, vault } from '../postures.ts';
import { describeKeyVersionCases } from './key-version-cases.ts';

const rule = 'key_old';
const young = { created: inDays(-10) };
const judgeKey = (
  attributes: Record<string, unknown>,
  thresholds: Parts['thresholds'] = {},
  properties: Record<string, unknown> = {},
) =>
  judge(rule, keyedRegistry(), {
    keyHolder: found(vault()),
    key: { newest: keyVersion(attributes, properties) },
    thresholds,
  });

// The other version is from March 2025 and passes under this age only.
describeKeyVersionCases(rule, keyVersion({ created: inDays(-5000) }), { KEY_MAX_AGE_DAYS: 1000 });

it.each([
  ['created today', 0],
  ['created a month ago', -30],
  ['as old as it may be', -365],
  ['created tomorrow', 1],
])('passes a version %s', (_, days) => {
  expect(judgeKey({ created: inDays(days) })).toMatchObject({ outcome: 'pass', reason: 'key_recent' });
});

it.each([
  ['a second older than it may be', inDays(-365) - 1],
  ['of 1970', 0],
])('fails a version %s', (_, created) => {
  expect(judgeKey({ created })).toMatchObject({ outcome: 'fail', reason: 'key_too_old', severity: 'low' });
});

it.each([undefined, null, '2025-01-01', true])('is unknown for a version created at %j', (created) => {
  expect(judgeKey({ created })).toMatchObject({ outcome: 'unknown', reason: 'key_creation_unrecognised' });
});

it('is unknown for a version without attributes', () => {
  expect(judgeKey({}, {}, { attributes: undefined }).reason).toBe('key_creation_unrecognised');
});

it('goes by the age that configuration asks for, and shows it', () => {
  const verdict = judgeKey(young, { KEY_MAX_AGE_DAYS: 9 });
  expect(verdict.outcome).toBe('fail');
  expect(verdict.evidence.values).toMatchObject({ created: '2026-07-22T06:00:00.000Z', keyMaxAgeDays: 9 });
});
