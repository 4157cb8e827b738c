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

const holderFields = [
  'vaultUri',
  'hsmUri',
  'provisioningState',
  'enableSoftDelete',
  'enablePurgeProtection',
  'softDeleteRetentionInDays',
  'publicNetworkAccess',
  'networkAcls',
  'tenantId',
  'enableRbacAuthorization',
  'accessPolicies',
  'regions',
  'securityDomainProperties',
];

/** Vaults and Managed HSMs of the given names with what the rules need. */
export function toKeyHoldersQuery(names: readonly string[]): string {
  return toHolderQuery(`name in~ (${names.map(toLiteral).join(', ')})`);
}

/** Vaults and Managed HSMs that say of themselves that they are at the given host, with what the rules need. */
export function toKeyHolderAtQuery(host: string): string {
  const text = toLiteral(host);
  return toHolderQuery(
    `tostring(properties.vaultUri) contains ${text} or tostring(properties.hsmUri) contains ${text}`,
  );
}

function toHolderQuery(condition: string): string {
  return [
    'resources',
    "| where type in~ ('microsoft.keyvault/vaults', 'microsoft.keyvault/managedhsms')",
    `| where ${condition}`,
    '| project id, location,',
    holderFields.map((field) => `  ${field} = properties.${field}`).join(',\n'),
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
