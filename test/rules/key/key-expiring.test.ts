import { describe, expect, it } from 'vitest';
import { inDays, keyVersion } from '../parts.ts';
import { found, judge, keyedRegistry, type Parts, vault } from '../postures.ts';
import { describeKeyVersionCases } from './key-version-cases.ts';

const rule = 'key_expiring';
const judgeKey = (attributes: Record<string, unknown>, thresholds: Parts['thresholds'] = {}) =>
  judge(rule, keyedRegistry(), {
    keyHolder: found(vault()),
    key: { newest: keyVersion(attributes) },
    thresholds,
  });

describeKeyVersionCases(rule, keyVersion({ exp: inDays(3) }));

it.each([
  ['in a second', inDays(0) + 1],
  ['in a week', inDays(7)],
  ['at the very end of the days of warning', inDays(30)],
])('fails when the key expires %s', (_, exp) => {
  expect(judgeKey({ exp })).toMatchObject({
    outcome: 'fail',
    reason: 'key_expires_soon',
    severity: 'medium',
  });
});

it('fails also when the key is disabled', () => {
  expect(judgeKey({ enabled: false, exp: inDays(7) }).outcome).toBe('fail');
});

it.each([
  ['just after the days of warning', inDays(30) + 1, 'key_expires_later'],
  ['in years', inDays(3000), 'key_expires_later'],
  ['at a time that no calendar reaches', 1e15, 'key_expires_later'],
  ['never', undefined, 'key_without_expiry'],
  ['never, told by null', null, 'key_without_expiry'],
])('passes when the key expires %s', (_, exp, reason) => {
  expect(judgeKey({ exp })).toMatchObject({ outcome: 'pass', reason });
});

it.each([
  ['this very second', inDays(0)],
  ['long ago', inDays(-400)],
])('is not applicable when the key expired %s', (_, exp) => {
  expect(judgeKey({ exp })).toMatchObject({ outcome: 'notApplicable', reason: 'key_expired' });
});

it.each(['2026-08-05', true, { seconds: 1 }])('is unknown when the end is %j', (exp) => {
  expect(judgeKey({ exp })).toMatchObject({ outcome: 'unknown', reason: 'key_times_unrecognised' });
});

it.each([undefined, null, {}, 'enabled'])('is unknown when the attributes are %j', (attributes) => {
  const key = { newest: keyVersion({}, { attributes }) };
  expect(judge(rule, keyedRegistry(), { keyHolder: found(vault()), key })).toMatchObject({
    outcome: 'unknown',
    reason: 'key_attributes_missing',
  });
});

describe('the days of warning', () => {
  it('come from configuration', () => {
    expect(judgeKey({ exp: inDays(45) }, { KEY_EXPIRY_WARNING_DAYS: 60 }).outcome).toBe('fail');
    expect(judgeKey({ exp: inDays(7) }, { KEY_EXPIRY_WARNING_DAYS: 3 }).outcome).toBe('pass');
  });

  it('are evidence, together with the end', () => {
    expect(judgeKey({ exp: inDays(7) }).evidence.values).toMatchObject({
      expires: '2026-08-08T06:00:00.000Z',
      keyExpiryWarningDays: 30,
    });
  });
});

describe('a key that rotates by itself', () => {
  const keyUri = 'https://kv-images.vault.azure.net/keys/acr-cmk';
  const inUse = 'a'.repeat(32);
  const rotate = (trigger: unknown, type = 'Rotate') => ({
    lifetimeActions: [{ trigger, action: { type } }],
  });
  const judgeRotating = (
    rotationPolicy: unknown,
    {
      registry = {},
      newest = inUse,
      created = inDays(-300),
    }: { registry?: Record<string, unknown>; newest?: string; created?: number } = {},
  ) => {
    const attributes = { created: inDays(-300), exp: inDays(20) };
    const version = (name: string, times: Record<string, unknown>) =>
      keyVersion(times, { keyUriWithVersion: `${keyUri}/${name}`, rotationPolicy });
    return judge(rule, keyedRegistry({ versionedKeyIdentifier: `${keyUri}/${inUse}`, ...registry }), {
      keyHolder: found(vault()),
      key: {
        ...(registry.keyIdentifier ? {} : { newest: version(newest, { ...attributes, created }) }),
        inUse: version(inUse, attributes),
      },
    });
  };

  it.each([
    ['ten days before its expiry', { timeBeforeExpiry: 'P10D' }],
    ['in ten days, by its age', { timeAfterCreate: 'P310D' }],
    ['in some days, by its age in months', { timeAfterCreate: 'P10M' }],
    ['a year before its expiry, and in ten days', { timeBeforeExpiry: 'P1Y', timeAfterCreate: 'P310D' }],
  ])('passes where it rotates %s', (_, trigger) => {
    expect(judgeRotating(rotate(trigger))).toMatchObject({
      outcome: 'pass',
      reason: 'rotation_before_expiry',
    });
  });

  it('shows when it rotates', () => {
    const { evidence } = judgeRotating(rotate({ timeBeforeExpiry: 'P10D' }));
    expect(evidence.values).toMatchObject({ rotates: '2026-08-11T06:00:00.000Z' });
  });

  it('passes while the registry still has time to take over the new version', () => {
    const options = { newest: 'b'.repeat(32), created: inDays(-1) };
    expect(judgeRotating(rotate({ timeBeforeExpiry: 'P21D' }), options)).toMatchObject({
      outcome: 'pass',
      reason: 'rotation_before_expiry',
    });
  });

  it.each([
    ['it rotates when it is too late', rotate({ timeAfterCreate: 'P330D' }), {}],
    ['its rotation is overdue', rotate({ timeBeforeExpiry: 'P25D' }), {}],
    ['it only notifies', rotate({ timeBeforeExpiry: 'P10D' }, 'Notify'), {}],
    ['the time of rotation is none', rotate({ timeBeforeExpiry: 'soon' }), {}],
    ['the time of rotation is not shown', rotate(undefined), {}],
    ['the policy is odd', 'P10D', {}],
    ['there is no policy', undefined, {}],
    [
      'the registry is pinned',
      rotate({ timeBeforeExpiry: 'P10D' }),
      { registry: { keyIdentifier: `${keyUri}/${inUse}` } },
    ],
    [
      'the registry does not follow',
      rotate({ timeBeforeExpiry: 'P10D' }),
      { newest: 'b'.repeat(32), created: inDays(-2) },
    ],
    [
      'it is not told which version is in use',
      rotate({ timeBeforeExpiry: 'P10D' }),
      { registry: { versionedKeyIdentifier: undefined } },
    ],
  ])('fails where %s', (_, policy, options) => {
    expect(judgeRotating(policy, options)).toMatchObject({ outcome: 'fail', reason: 'key_expires_soon' });
  });
});
