import { builtInRegistryRoles } from './built-in-registry-roles.ts';
import type { BuiltInRole } from './role-permission.ts';

const manageResources = [
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
];
const readVaults = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  ...manageResources,
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/vaults/*/read',
  'Microsoft.KeyVault/operations/read',
];
const keys = (...actions: string[]) => actions.map((action) => `Microsoft.KeyVault/vaults/keys/${action}`);

/**
 * Azure's own roles that have to do with registries, vaults and keys, by their names, as of 2026.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const builtInRoles = {
  ...builtInRegistryRoles,
  Contributor: {
    guid: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
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
  'Key Vault Administrator': {
    guid: '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    actions: readVaults,
    dataActions: ['Microsoft.KeyVault/vaults/*'],
  },
  'Key Vault Contributor': {
    guid: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.Insights/alertRules/*',
      'Microsoft.KeyVault/*',
      ...manageResources,
    ],
    notActions: [
      'Microsoft.KeyVault/locations/deletedVaults/purge/action',
      'Microsoft.KeyVault/hsmPools/*',
      'Microsoft.KeyVault/managedHsms/*',
    ],
  },
  'Key Vault Crypto Officer': {
    guid: '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
    actions: readVaults,
    dataActions: [...keys('*'), 'Microsoft.KeyVault/vaults/keyrotationpolicies/*'],
  },
  'Key Vault Crypto Service Encryption User': {
    guid: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    actions: [
      'Microsoft.EventGrid/eventSubscriptions/write',
      'Microsoft.EventGrid/eventSubscriptions/read',
      'Microsoft.EventGrid/eventSubscriptions/delete',
    ],
    dataActions: keys('read', 'wrap/action', 'unwrap/action'),
  },
  'Key Vault Crypto User': {
    guid: '12338af0-0e69-4776-bea7-57ae8d297424',
    dataActions: keys(
      'read',
      'update/action',
      'backup/action',
      'encrypt/action',
      'decrypt/action',
      'wrap/action',
      'unwrap/action',
      'sign/action',
      'verify/action',
    ),
  },
  'Key Vault Reader': {
    guid: '21090545-7ca7-4776-b22c-e363652d74d2',
    actions: readVaults,
    dataActions: [
      'Microsoft.KeyVault/vaults/*/read',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  },
  Owner: {
    guid: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    actions: ['*'],
  },
  Reader: {
    guid: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    actions: ['*/read'],
  },
  'Role Based Access Control Administrator': {
    guid: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
  },
  'User Access Administrator': {
    guid: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  },
} satisfies Record<string, BuiltInRole>;

/** The name of one of these roles. */
export type BuiltInRoleName = keyof typeof builtInRoles;
