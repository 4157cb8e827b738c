import { expect, it } from 'vitest';
import { keyBody } from '../../../simulator/tenant/key-holder-body.ts';
import { toKeyVersion } from '../../../src/bodies/key.ts';
import { describeKeyHolderCases } from '../key-holder/key-holder-cases.ts';
import { forbiddenVersion, goneVersion, keyId, keyVersion } from '../parts.ts';
import { found, judge, keyedRegistry, readingOf, vault } from '../postures.ts';

const rule = 'key_norotation';
const keyHolder = found(vault());
const judgePolicy = (rotationPolicy: unknown) =>
  judge(rule, keyedRegistry(), { keyHolder, key: { newest: keyVersion({}, { rotationPolicy }) } });
const action = (type: unknown, trigger: unknown = { timeAfterCreate: 'P11M' }) => ({
  trigger,
  action: { type },
});

describeKeyHolderCases(rule, undefined, { key: { newest: keyVersion() } });

it.each([
  ['no policy', undefined],
  ['none, told by null', null],
  ['a policy without actions', {}],
  ['one whose actions are null', { lifetimeActions: null }],
  ['one that does nothing', { lifetimeActions: [] }],
  ['one that only notifies', { lifetimeActions: [action('Notify', { timeBeforeExpiry: 'P30D' })] }],
])('fails a key with %s', (_, policy) => {
  expect(judgePolicy(policy)).toMatchObject({
    outcome: 'fail',
    reason: 'rotation_by_hand',
    severity: 'low',
  });
});

it.each([
  ['rotates', { lifetimeActions: [action('Rotate')] }],
  ['rotates, in another casing', { lifetimeActions: [action('notify'), action('rotate')] }],
  ['rotates by a trigger that is not shown', { lifetimeActions: [action('Rotate', undefined)] }],
  ['rotates beside something odd', { lifetimeActions: ['odd', action('Rotate')] }],
])('passes a key whose policy %s', (_, policy) => {
  expect(judgePolicy(policy)).toMatchObject({ outcome: 'pass', reason: 'rotation_automatic' });
});

it.each([
  ['a text'],
  [7],
  [[]],
  [{ lifetimeActions: 'Rotate' }],
  [{ lifetimeActions: [{}] }],
  [{ lifetimeActions: [action(7)] }],
])('is unknown for the policy %j', (policy) => {
  expect(judgePolicy(policy)).toMatchObject({
    outcome: 'unknown',
    reason: 'rotation_policy_unrecognised',
  });
});

it('is unknown where the key was read by an api version that never shows the policy', () => {
  const body = keyBody(vault(), { name: 'acr-cmk' });
  const from = `GET https://arm.example${keyId}?api-version=`;
  const judgeVersion = (version: string) =>
    judge(rule, keyedRegistry(), {
      keyHolder,
      key: { newest: toKeyVersion(body, { ...readingOf('key', keyId), from: from + version }) },
    });
  expect(judgeVersion('2019-09-01')).toMatchObject({ outcome: 'unknown' });
  expect(judgeVersion('2026-02-01')).toMatchObject({ outcome: 'fail' });
});

it('goes by the newest version, which shows the key’s policy', () => {
  const rotating = keyVersion({}, { rotationPolicy: { lifetimeActions: [action('Rotate')] } });
  const key = { newest: rotating, inUse: keyVersion() };
  expect(judge(rule, keyedRegistry(), { keyHolder, key }).outcome).toBe('pass');
});

it('is not applicable where the key is gone, and unknown where it may not be read', () => {
  const judgeVersion = (newest: typeof goneVersion) =>
    judge(rule, keyedRegistry(), { keyHolder, key: { newest } });
  expect(judgeVersion(goneVersion)).toMatchObject({ outcome: 'notApplicable', reason: 'key_gone' });
  expect(judgeVersion(forbiddenVersion)).toMatchObject({ outcome: 'unknown', reason: 'key_forbidden' });
});
