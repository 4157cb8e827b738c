import { cis, mapped, mcsb, nist, policies } from '../frameworks.ts';
import { defineRule } from '../rule.ts';
import { judgeKeyHolder } from './key-holder-rule.ts';
import { planSoftDelete } from './kv-nosoftdelete.remedy.ts';

/** The key holder keeps what is deleted. */
export const kvNoSoftDelete = defineRule({
  id: 'kv_nosoftdelete',
  severity: 'high',
  title: 'Soft delete is off on the Key Vault of the registry’s key',
  checks:
    'Whether soft delete is explicitly off. An absent field means that it is on, as for all vaults since 2019, and a Managed HSM always has it.',
  why: 'Without soft delete a deleted key or vault is gone at once, and with it every image that the key encrypts.',
  remedy:
    'Turn it on: "az keyvault update --name VAULT --enable-soft-delete true". It can’t be turned off again.',
  reads: ['registry', 'keyHolder'],
  reasons: {
    soft_delete_on: 'Soft delete is on, which is also what an absent field means.',
    soft_delete_always_on: 'A Managed HSM always has soft delete.',
    soft_delete_off: 'Soft delete is explicitly off.',
    soft_delete_unrecognised: 'Azure shows a state of soft delete that is no boolean.',
    key_holder_kept: 'The key holder is soft-deleted: it is being kept.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/soft-delete-overview',
  ],
  controls: mapped(policies.vaultSoftDelete, mcsb.dp8, cis.keyVaultRecoverable, nist.cp9),
  judge: judgeKeyHolder({
    found({ kind, softDelete }) {
      const values = { enableSoftDelete: softDelete };
      if (kind === 'managedHsm') return { outcome: 'pass', reason: 'soft_delete_always_on', values };
      if (softDelete === false) return { outcome: 'fail', reason: 'soft_delete_off', values };
      return softDelete === true || softDelete === undefined
        ? { outcome: 'pass', reason: 'soft_delete_on', values }
        : { outcome: 'unknown', reason: 'soft_delete_unrecognised', values };
    },
    deleted: () => ({ outcome: 'pass', reason: 'key_holder_kept', values: {} }),
  }),
  mend: planSoftDelete,
});
