import { expect, it } from 'vitest';
import { deleted, found, judge, keyedRegistry, managedHsm, vault } from '../postures.ts';
import { describeKeyHolderCases } from './key-holder-cases.ts';

const rule = 'kv_nosoftdelete';

describeKeyHolderCases(rule, { deleted: 'pass', absent: 'notApplicable' });

it.each([
  ['true', true],
  ['absent, which has meant on since 2019', undefined],
  ['null', null],
])('passes when soft delete is %s', (_, enableSoftDelete) => {
  const verdict = judge(rule, keyedRegistry(), {
    keyHolder: found({ ...vault(), properties: { enableSoftDelete } }),
  });
  expect(verdict).toMatchObject({ outcome: 'pass', reason: 'soft_delete_on', severity: 'high' });
});

it('fails when soft delete is explicitly off', () => {
  const verdict = judge(rule, keyedRegistry(), { keyHolder: found(vault({ enableSoftDelete: false })) });
  expect(verdict).toMatchObject({ outcome: 'fail', reason: 'soft_delete_off' });
  expect(verdict.evidence.values).toMatchObject({ enableSoftDelete: false });
});

it.each([['false'], [0], ['off'], [{}]])(
  'is unknown when soft delete is %j and no boolean',
  (enableSoftDelete) => {
    const verdict = judge(rule, keyedRegistry(), { keyHolder: found(vault({ enableSoftDelete })) });
    expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'soft_delete_unrecognised' });
  },
);

it.each([true, false, null, 'off'])('never fails for a Managed HSM, not even with %j', (enableSoftDelete) => {
  const verdict = judge(rule, keyedRegistry(), { keyHolder: found(managedHsm({ enableSoftDelete })) });
  expect(verdict).toMatchObject({ outcome: 'pass', reason: 'soft_delete_always_on' });
});

it('passes for a soft-deleted vault, since it is being kept', () => {
  expect(judge(rule, keyedRegistry(), { keyHolder: deleted(vault()) }).reason).toBe('key_holder_kept');
});
