import { defineRule } from '../rule.ts';
import { judgeKeyHolder, unknown } from './key-holder-rule.ts';
import { planSameRegion } from './kv-regionmismatch.remedy.ts';

/** Key holder and registry are in one region. */
export const kvRegionMismatch = defineRule({
  id: 'kv_regionmismatch',
  severity: 'low',
  title: 'The key holder is in another region than the registry',
  checks:
    'Whether the key holder’s region is that of the registry. Regions to which a Managed HSM is replicated count as its own; replicas of the registry do not count.',
  why: 'With the key elsewhere, an outage of either region takes the registry down, and key and data may fall under different laws.',
  remedy:
    'Create a vault and key in the registry’s region, grant the registry’s identity access, and move the registry to the new key with "az acr encryption rotate-key". Keep the old key until that is done. A Managed HSM can be replicated to the region instead.',
  reads: ['registry', 'keyHolder'],
  reasons: {
    regions_match: 'The key holder is in the registry’s region.',
    regions_differ: 'The key holder is in another region.',
    region_missing: 'Azure did not tell in known words where one of them is.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-enable-customer-managed-keys',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/multi-region-replication',
  ],
  judge: judgeKeyHolder({
    found({ kind, location, regions }, { registry }) {
      const further = kind === 'managedHsm' ? regions : [];
      const values = {
        'registry.location': registry.location || undefined,
        'keyHolder.location': location,
        ...(further.length > 0 ? { regions: further } : {}),
      };
      const here = toRegion(registry.location);
      if (here && [location, ...further].some((region) => toRegion(region) === here))
        return { outcome: 'pass', reason: 'regions_match', values };
      return here && [location, ...further].every(toRegion)
        ? { outcome: 'fail', reason: 'regions_differ', values }
        : unknown('region_missing', values);
    },
  }),
  mend: planSameRegion,
});

/** Azure writes a region as `westeurope` or as `West Europe`; undefined for what is neither. */
function toRegion(location: string | undefined): string | undefined {
  const region = location?.toLowerCase().replace(/\s/g, '');
  return region && /^[a-z][a-z0-9]*$/.test(region) ? region : undefined;
}
