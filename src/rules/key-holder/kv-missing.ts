import { defineRule } from '../rule.ts';
import { judgeKeyHolder } from './key-holder-rule.ts';
import { planRecovery } from './kv-missing.remedy.ts';

/** The key holder exists. */
export const kvMissing = defineRule({
  id: 'kv_missing',
  severity: 'critical',
  title: 'The key holder of the registry’s key is deleted or exists nowhere',
  checks:
    'Whether the vault or Managed HSM that the key identifier names exists: it is read where it was last seen, looked for among what is soft-deleted, and its name is asked for, which is free only if it exists nowhere.',
  why: 'Without its key holder a registry can’t decrypt its images. A soft-deleted one can be recovered until it is purged; after that everything that the key encrypted is lost.',
  remedy:
    'If it is soft-deleted, recover it at once: "az keyvault recover --name VAULT" (Managed HSM: "az keyvault recover --hsm-name HSM"). Recovery does not bring back its role assignments and event subscriptions: grant the registry’s identity access to the key again. If it exists nowhere, the key is lost: move the images to a registry with another key.',
  reads: ['registry', 'keyHolder'],
  reasons: { key_holder_found: 'The key holder exists.' },
  links: [
    'https://learn.microsoft.com/en-us/azure/key-vault/general/key-vault-recovery',
    'https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/recovery',
  ],
  judge: judgeKeyHolder({
    found: ({ id, provisioningState }) => ({
      outcome: 'pass',
      reason: 'key_holder_found',
      values: { keyHolderId: id, provisioningState },
    }),
    deleted: ({ id, deletedAt, scheduledPurgeAt, purgeProtection }) => ({
      outcome: 'fail',
      reason: 'key_holder_soft_deleted',
      values: {
        keyHolderId: id,
        deletionDate: deletedAt,
        scheduledPurgeDate: scheduledPurgeAt,
        purgeProtectionEnabled: purgeProtection,
      },
    }),
    absent: () => ({ outcome: 'fail', reason: 'key_holder_absent', values: { nameAvailable: true } }),
  }),
  mend: planRecovery,
});
