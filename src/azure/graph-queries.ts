import type { HolderKind } from '../monitor/ports.ts';

const holderTypes: Record<HolderKind, string> = {
  vault: 'microsoft.keyvault/vaults',
  managedHsm: 'microsoft.keyvault/managedhsms',
};

/** All registries with what the rules need; `id` is projected and ordered, or Resource Graph loses rows between pages. */
export const registriesQuery = [
  'resources',
  "| where type =~ 'microsoft.containerregistry/registries'",
  '| project id, tenantId, location, sku,',
  '  creationDate = properties.creationDate,',
  '  provisioningState = properties.provisioningState,',
  '  encryption = properties.encryption',
  '| order by id asc',
].join('\n');

/** Vaults or Managed HSMs of the given names with what the rules need. */
export function toKeyHoldersQuery(kind: HolderKind, names: readonly string[]): string {
  return [
    'resources',
    `| where type =~ '${holderTypes[kind]}'`,
    `| where name in~ (${names.map(toLiteral).join(', ')})`,
    '| project id, location,',
    `  uri = properties.${kind === 'vault' ? 'vaultUri' : 'hsmUri'},`,
    '  provisioningState = properties.provisioningState,',
    '  enableSoftDelete = properties.enableSoftDelete,',
    '  enablePurgeProtection = properties.enablePurgeProtection,',
    '  softDeleteRetentionInDays = properties.softDeleteRetentionInDays',
    '| order by id asc',
  ].join('\n');
}

/** Subscriptions that the identity can read: Resource Graph leaves the others out without a word. */
export const subscriptionsQuery = [
  'resourcecontainers',
  "| where type =~ 'microsoft.resources/subscriptions'",
  '| project id, subscriptionId',
  '| order by id asc',
].join('\n');

/** A text as a Kusto string literal; nothing in it can end the literal. */
function toLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
