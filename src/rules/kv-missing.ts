import { judgeKeyHolder } from './key-holder-rule.ts';
import type { Rule } from './rule.ts';

/** The key holder exists. */
export const kvMissing: Rule = {
  id: 'kv_missing',
  severity: 'critical',
  title: 'The key holder of the registry’s key is deleted or exists nowhere',
  remedy:
    'If it is soft-deleted, recover it at once: "az keyvault recover --name VAULT" (Managed HSM: "az keyvault recover --hsm-name HSM"). Recovery does not bring back its role assignments and event subscriptions: grant the registry’s identity access to the key again. If it exists nowhere, the key is lost: move the images to a registry with another key.',
  reads: 'keyHolder',
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
};
