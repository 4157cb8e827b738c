import { identities, landingZones, principals, subscriptions } from './default-places.ts';
import { diagnosticSettingBody } from './diagnostic-setting-body.ts';
import { lockBody } from './lock-body.ts';
import { toManagementGroupId } from './management-groups.ts';
import { type RoleAssignmentOptions, roleAssignmentBody } from './role-assignment-body.ts';
import { roleDefinitionBody } from './role-definition-body.ts';
import type { ArmBody } from './tenant-contents.ts';

const encryptionUser = 'Key Vault Crypto Service Encryption User';
const vaults = 'providers/Microsoft.KeyVault/vaults';
const groups = {
  platform: `${subscriptions.platform}/resourceGroups/rg-images-weu`,
  platformNorth: `${subscriptions.platform}/resourceGroups/rg-images-neu`,
  retail: `${subscriptions.retail}/resourceGroups/rg-retail-registries`,
  retailKeys: `${subscriptions.retail}/resourceGroups/rg-retail-keys`,
  dataKeys: `${subscriptions.data}/resourceGroups/rg-data-keys`,
};
const roleKeys = `${groups.dataKeys}/${vaults}/kv-data-roles/keys`;

const keyUser = roleDefinitionBody({
  roleName: 'Contoso image key user',
  assignableScopes: [subscriptions.data],
  dataActions: ['Microsoft.KeyVault/vaults/keys/*/action', 'Microsoft.KeyVault/vaults/keys/read'],
  notDataActions: ['Microsoft.KeyVault/vaults/keys/purge/action'],
});

/** Who holds which role in the default tenant, and what guards its key holders. */
export function defaultAccess(): ArmBody[] {
  return [keyUser, ...[...registriesRoles(), ...peopleRoles()].map(roleAssignmentBody), ...guards()];
}

/** How registries whose key lies in a vault with roles reach it: at the key, the vault or anything above. */
function registriesRoles(): RoleAssignmentOptions[] {
  const data = identities.data.principalId;
  return [
    { scope: groups.platformNorth, role: encryptionUser, principalId: identities.platform.principalId },
    {
      scope: toManagementGroupId(landingZones),
      role: encryptionUser,
      principalId: identities.retail.principalId,
    },
    { scope: `${groups.dataKeys}/${vaults}/kv-data-ml`, role: encryptionUser, principalId: data },
    { scope: `${groups.dataKeys}/${vaults}/kv-data-walled`, role: encryptionUser, principalId: data },
    { scope: `${roleKeys}/by-key-role`, role: encryptionUser, principalId: data },
    { scope: `${roleKeys}/by-custom-role`, role: { guid: String(keyUser.name) }, principalId: data },
    {
      scope: `${roleKeys}/by-group`,
      role: 'Key Vault Crypto User',
      principalId: principals.dataIdentities,
      principalType: 'Group',
    },
  ];
}

/** The platform's team manages registries and their keys, in the other subscriptions these are kept apart. */
function peopleRoles(): RoleAssignmentOptions[] {
  const group = 'Group' as const;
  return [
    {
      scope: groups.platform,
      role: 'Owner',
      principalId: principals.platformTeam,
      principalType: group,
    },
    {
      scope: groups.retail,
      role: 'Contributor',
      principalId: principals.retailTeam,
      principalType: group,
    },
    { scope: groups.retail, role: 'AcrPush', principalId: principals.retailPipeline },
    {
      scope: groups.retailKeys,
      role: 'Key Vault Contributor',
      principalId: principals.keyOfficers,
      principalType: group,
    },
    {
      scope: groups.retailKeys,
      role: 'Role Based Access Control Administrator',
      principalId: principals.keyOfficers,
      principalType: group,
    },
    {
      scope: groups.dataKeys,
      role: 'Key Vault Administrator',
      principalId: principals.keyCustodian,
      principalType: 'User',
    },
  ];
}

function guards(): ArmBody[] {
  return [
    lockBody({ scope: `${groups.platform}/${vaults}/kv-acr-platform-weu` }),
    lockBody({ scope: groups.dataKeys, name: 'keep-the-keys' }),
    diagnosticSettingBody({ scope: `${groups.platform}/${vaults}/kv-acr-platform-weu` }),
    diagnosticSettingBody({
      scope: `${groups.retailKeys}/${vaults}/kv-retail-core`,
      categoryGroups: ['audit'],
    }),
    // Sends something, but nothing about who used a key.
    diagnosticSettingBody({
      scope: `${groups.retailKeys}/${vaults}/kv-retail-images`,
      name: 'policy-only',
      categories: ['AzurePolicyEvaluationDetails'],
    }),
    diagnosticSettingBody({
      scope: `${groups.dataKeys}/providers/Microsoft.KeyVault/managedHSMs/hsm-contoso-data`,
    }),
  ];
}
