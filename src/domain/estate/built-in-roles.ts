import { type Role, type RolePermission, toRoleId } from './role.ts';

const keys = 'Microsoft.KeyVault/vaults/keys';

/**
 * Azure's own roles that are met most often on the way to a key: they need not be read.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
const roles: Record<string, { name: string } & Partial<RolePermission>> = {
  'e147488a-f6f5-4113-8e2d-b22465e65bf6': {
    name: 'Key Vault Crypto Service Encryption User',
    dataActions: [`${keys}/read`, `${keys}/wrap/action`, `${keys}/unwrap/action`],
  },
  '12338af0-0e69-4776-bea7-57ae8d297424': {
    name: 'Key Vault Crypto User',
    dataActions: [
      'read',
      'update/action',
      'backup/action',
      'encrypt/action',
      'decrypt/action',
      'wrap/action',
      'unwrap/action',
      'sign/action',
      'verify/action',
    ].map((operation) => `${keys}/${operation}`),
  },
  '14b46e9e-c2b7-41b4-b07b-48a6ebf60603': {
    name: 'Key Vault Crypto Officer',
    dataActions: [`${keys}/*`, 'Microsoft.KeyVault/vaults/keyrotationpolicies/*'],
  },
  '00482a5a-887f-4fb3-b363-3b7fe8e74483': {
    name: 'Key Vault Administrator',
    dataActions: ['Microsoft.KeyVault/vaults/*'],
  },
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': { name: 'Owner', actions: ['*'] },
  'b24988ac-6180-42a0-ab88-20f7382dd24c': {
    name: 'Contributor',
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
      'Microsoft.Purview/consents/write',
      'Microsoft.Purview/consents/delete',
      'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
      'Microsoft.Subscription/cancel/action',
      'Microsoft.Subscription/enable/action',
    ],
  },
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': { name: 'Reader', actions: ['*/read'] },
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168': {
    name: 'Role Based Access Control Administrator',
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
  },
  'f25e0fa2-a7c8-4377-a976-54943a77a395': {
    name: 'Key Vault Contributor',
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.Insights/alertRules/*',
      'Microsoft.KeyVault/*',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Support/*',
    ],
    notActions: [
      'Microsoft.KeyVault/locations/deletedVaults/purge/action',
      'Microsoft.KeyVault/hsmPools/*',
      'Microsoft.KeyVault/managedHsms/*',
    ],
  },
  '21090545-7ca7-4776-b22c-e363652d74d2': {
    name: 'Key Vault Reader',
    dataActions: [
      'Microsoft.KeyVault/vaults/*/read',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  },
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': {
    name: 'AcrPull',
    actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
  },
  '8311e382-0749-4cb8-b61a-304f252e45ec': {
    name: 'AcrPush',
    actions: [
      'Microsoft.ContainerRegistry/registries/pull/read',
      'Microsoft.ContainerRegistry/registries/push/write',
    ],
  },
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': {
    name: 'User Access Administrator',
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  },
};

/** What one of Azure's own roles permits; undefined for any other role. */
export function builtInRole(roleDefinitionId: string): Role | undefined {
  const known = roles[toRoleId(roleDefinitionId)];
  if (!known) return undefined;
  const { name, ...permission } = known;
  const none = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  return { state: 'found', name, permissions: [{ ...none, ...permission }] };
}
