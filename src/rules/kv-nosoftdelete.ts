import { judgeKeyHolder } from './key-holder-rule.ts';
import type { Rule } from './rule.ts';

/** The key holder keeps what is deleted. */
export const kvNoSoftDelete: Rule = {
  id: 'kv_nosoftdelete',
  severity: 'high',
  title: 'Soft delete is off on the Key Vault of the registry’s key',
  remedy:
    'Turn it on: "az keyvault update --name VAULT --enable-soft-delete true". It can’t be turned off again.',
  reads: 'keyHolder',
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
};
