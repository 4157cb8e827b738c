import { hasCustomerKey } from '../../domain/estate/registry.ts';
import { mapped, mcsb, nist, policies } from '../frameworks.ts';
import { defineRule } from '../rule.ts';
import { planCustomerKey } from './acr-nocmk.remedy.ts';

/** The registry's images are under a customer-managed key. */
export const acrNoCmk = defineRule({
  id: 'acr_nocmk',
  severity: 'high',
  title: 'The registry is not encrypted with a customer-managed key',
  checks:
    'Whether the registry is encrypted with a customer-managed key: encryption.status has to be enabled.',
  why: 'Without a key of its own an organisation can neither revoke access to its images nor prove who could decrypt them.',
  remedy:
    'A customer-managed key can only be set while a registry is created: create a new Premium registry with one, copy the images with "az acr import", move its users over, and delete the old registry last.',
  reads: ['registry'],
  reasons: {
    encryption_enabled: 'The registry is encrypted with a customer-managed key.',
    encryption_disabled: 'The registry is encrypted with a key of Microsoft’s.',
    sku_unsupported: 'The registry is below Premium, which alone offers customer-managed keys.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-customer-managed-keys',
    'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-import-images',
  ],
  controls: mapped(policies.registryKey, mcsb.dp5, nist.sc12),
  judge({ registry }) {
    const { encryption, sku } = registry;
    const values = { 'encryption.status': encryption?.status, 'sku.name': sku };
    switch (hasCustomerKey(encryption)) {
      case true:
        return { outcome: 'pass', reason: 'encryption_enabled', values };
      case 'unknown':
        return { outcome: 'unknown', reason: 'encryption_status_unrecognised', values };
      case false:
        return {
          outcome: 'fail',
          reason: isBelowPremium(sku) ? 'sku_unsupported' : 'encryption_disabled',
          values,
        };
    }
  },
  mend: planCustomerKey,
});

function isBelowPremium(sku: string | undefined): boolean {
  return sku !== undefined && sku.toLowerCase() !== 'premium';
}
