import { cis, hipaa, mapped, mcsb, nist, policies } from '../frameworks.ts';
import { defineRule } from '../rule.ts';
import { judgeKeyHolder } from './key-holder-rule.ts';
import { planPurgeProtection } from './kv-nopurgeprotection.remedy.ts';

/** What the key holder keeps can't be purged before its time. */
export const kvNoPurgeProtection = defineRule({
  id: 'kv_nopurgeprotection',
  severity: 'high',
  title: 'Purge protection is off on the key holder of the registry’s key',
  checks:
    'Whether purge protection is on: only enablePurgeProtection true counts, and on a vault only together with soft delete. A soft-deleted key holder is judged by its own record.',
  why: 'Without purge protection whoever may purge can destroy a deleted key at once, by mistake or as an act of extortion, and with it every image of the registry.',
  remedy:
    'Turn it on: "az keyvault update --name VAULT --enable-purge-protection true" (for a Managed HSM "az keyvault update-hsm --hsm-name HSM --enable-purge-protection true"). It can’t be undone.',
  reads: ['registry', 'keyHolder'],
  reasons: {
    purge_protection_on: 'Purge protection is on.',
    purge_protection_off: 'Purge protection is not on.',
    soft_delete_off: 'Soft delete is off, without which purge protection is nothing.',
    soft_delete_unrecognised: 'Azure shows a state of soft delete that is no boolean.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/soft-delete-overview',
  ],
  controls: mapped(
    policies.vaultDeletionProtection,
    mcsb.dp8,
    cis.keyVaultRecoverable,
    nist.cp9,
    hipaa.continuity,
  ),
  judge: judgeKeyHolder({
    found({ kind, softDelete, purgeProtection }) {
      const values = { enableSoftDelete: softDelete, enablePurgeProtection: purgeProtection };
      if (kind === 'vault' && softDelete === false)
        return { outcome: 'fail', reason: 'soft_delete_off', values };
      if (purgeProtection !== true) return { outcome: 'fail', reason: 'purge_protection_off', values };
      // Purge protection is nothing without soft delete.
      return kind === 'managedHsm' || softDelete === true || softDelete === undefined
        ? { outcome: 'pass', reason: 'purge_protection_on', values }
        : { outcome: 'unknown', reason: 'soft_delete_unrecognised', values };
    },
    deleted({ purgeProtection }) {
      const values = { purgeProtectionEnabled: purgeProtection };
      return purgeProtection === true
        ? { outcome: 'pass', reason: 'purge_protection_on', values }
        : { outcome: 'fail', reason: 'purge_protection_off', values };
    },
  }),
  mend: planPurgeProtection,
});
