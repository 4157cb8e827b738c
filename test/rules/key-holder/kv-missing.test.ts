import { expect, it } from 'vitest';
import { absent, deleted, found, judge, keyedRegistry, managedHsm, vault } from '../postures.ts';
import { describeKeyHolderCases } from './key-holder-cases.ts';

const rule = 'kv_missing';

describeKeyHolderCases(rule, { deleted: 'fail', absent: 'fail' });

it.each([
  ['a vault', vault()],
  ['a Managed HSM', managedHsm()],
  [
    'a Managed HSM that waits for its security domain',
    managedHsm({ provisioningState: 'SecurityDomainRestore' }),
  ],
  ['a vault that says it is deleted, which only a Managed HSM does', vault({ provisioningState: 'Deleted' })],
  ['a vault without a state', vault({ provisioningState: undefined })],
])('passes where %s is found', (_, body) => {
  const verdict = judge(rule, keyedRegistry(), { keyHolder: found(body) });
  expect(verdict).toMatchObject({ outcome: 'pass', reason: 'key_holder_found', severity: 'critical' });
  expect(verdict.evidence.values).toMatchObject({ keyHolderId: body.id });
});

it('tells when a soft-deleted vault was deleted and when it will be purged', () => {
  const verdict = judge(rule, keyedRegistry(), {
    keyHolder: deleted(vault({ softDeleteRetentionInDays: 7 })),
  });
  expect(verdict).toMatchObject({ outcome: 'fail', reason: 'key_holder_soft_deleted' });
  expect(verdict.evidence).toMatchObject({
    values: {
      keyHolderId: vault().id,
      deletionDate: '2026-07-30T12:00:00Z',
      scheduledPurgeDate: '2026-08-06T12:00:00Z',
      purgeProtectionEnabled: true,
    },
    read: [{ what: 'registry' }, { what: 'deletedVault' }],
  });
});

it('tells that the name of a vault that exists nowhere is free', () => {
  const verdict = judge(rule, keyedRegistry(), { keyHolder: absent });
  expect(verdict).toMatchObject({ outcome: 'fail', reason: 'key_holder_absent' });
  expect(verdict.evidence).toMatchObject({
    values: { nameAvailable: true },
    read: [{ what: 'registry' }, { what: 'nameAvailability' }],
  });
});
