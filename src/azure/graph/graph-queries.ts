import type { HolderKind } from '../../domain/estate/key-identifier.ts';

/** All registries with what the rules need; `id` is projected and ordered, or Resource Graph loses rows between pages. */
export const registriesQuery = [
  'resources',
  "| where type =~ 'microsoft.containerregistry/registries'",
  '| project id, tenantId, location, sku, identity,',
  '  creationDate = properties.creationDate,',
  '  provisioningState = properties.provisioningState,',
  '  publicNetworkAccess = properties.publicNetworkAccess,',
  '  networkRuleSet = properties.networkRuleSet,',
  '  encryption = properties.encryption',
  '| order by id asc',
].join('\n');

const holderTypes: Record<HolderKind, string> = {
  vault: 'microsoft.keyvault/vaults',
  managedHsm: 'microsoft.keyvault/managedhsms',
};

const commonFields = [
  'provisioningState',
  'enableSoftDelete',
  'enablePurgeProtection',
  'softDeleteRetentionInDays',
  'publicNetworkAccess',
  'networkAcls',
  'tenantId',
];

const ownFields: Record<HolderKind, readonly string[]> = {
  vault: ['vaultUri', 'enableRbacAuthorization', 'accessPolicies'],
  managedHsm: ['hsmUri', 'regions', 'securityDomainProperties'],
};

/** Vaults or Managed HSMs of the given names with what the rules need. */
export function toKeyHoldersQuery(kind: HolderKind, names: readonly string[]): string {
  return toHolderQuery(kind, `name in~ (${names.map(toLiteral).join(', ')})`);
}

/** Vaults or Managed HSMs that say of themselves that they are at the given host, with what the rules need. */
export function toKeyHolderAtQuery(kind: HolderKind, host: string): string {
  const uri = kind === 'vault' ? 'vaultUri' : 'hsmUri';
  return toHolderQuery(kind, `tostring(properties.${uri}) contains ${toLiteral(host)}`);
}

function toHolderQuery(kind: HolderKind, condition: string): string {
  const fields = [...commonFields, ...ownFields[kind]];
  return [
    'resources',
    `| where type =~ '${holderTypes[kind]}'`,
    `| where ${condition}`,
    '| project id, location,',
    fields.map((field) => `  ${field} = properties.${field}`).join(',\n'),
    '| order by id asc',
  ].join('\n');
}

/** User-assigned identities of the given names. */
export function toIdentitiesQuery(names: readonly string[]): string {
  return [
    'resources',
    "| where type =~ 'microsoft.managedidentity/userassignedidentities'",
    `| where name in~ (${names.map(toLiteral).join(', ')})`,
    '| project id,',
    '  clientId = properties.clientId,',
    '  principalId = properties.principalId',
    '| order by id asc',
  ].join('\n');
}

/** Registries that have a user-assigned identity. */
export function toRegistriesWithQuery(identityId: string): string {
  return [
    'resources',
    "| where type =~ 'microsoft.containerregistry/registries'",
    `| where tostring(identity.userAssignedIdentities) contains ${toLiteral(identityId)}`,
    '| project id',
    '| order by id asc',
  ].join('\n');
}

/** What has one of the given object ids as its identity, or is the identity of one. */
export function toPrincipalsQuery(principalIds: readonly string[]): string {
  const ids = `(${principalIds.map(toLiteral).join(', ')})`;
  return [
    'resources',
    `| where tostring(identity.principalId) in~ ${ids} or`,
    `  (type =~ 'microsoft.managedidentity/userassignedidentities' and tostring(properties.principalId) in~ ${ids})`,
    '| project id, type,',
    '  systemId = identity.principalId,',
    '  userId = properties.principalId',
    '| order by id asc',
  ].join('\n');
}

/** All role assignments, in the shape of ARM's bodies but flat. */
export const roleAssignmentsQuery = [
  'authorizationresources',
  "| where type =~ 'microsoft.authorization/roleassignments'",
  '| project id,',
  '  principalId = properties.principalId,',
  '  principalType = properties.principalType,',
  '  roleDefinitionId = properties.roleDefinitionId,',
  '  scope = properties.scope,',
  '  condition = properties.condition',
  '| order by id asc',
].join('\n');

/** Subscriptions with the management groups above them, the nearest first. */
export const managementGroupsQuery = [
  'resourcecontainers',
  "| where type =~ 'microsoft.resources/subscriptions'",
  '| project id, subscriptionId,',
  '  managementGroupAncestorsChain = properties.managementGroupAncestorsChain',
  '| order by id asc',
].join('\n');

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
