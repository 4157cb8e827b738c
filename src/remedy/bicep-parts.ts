import { encryptionUserRole, toKeyPermissions } from './access.ts';
import { toCommentText } from './comment.ts';
import { quoteBicep } from './quote-bicep.ts';
import { toShellWord } from './quote-shell.ts';
import type { Subject } from './subject.ts';

const vaults = "'Microsoft.KeyVault/vaults@2026-02-01'";
const managedHsms = "'Microsoft.KeyVault/managedHSMs@2026-02-01'";

/** How to deploy a file to the resource group of the registry or of the key holder; each parameter a word of `--parameters`. */
export function deployTo(
  { registry, keyHolder }: Subject,
  place: 'registry' | 'keyHolder',
  ...parameters: readonly string[]
): string {
  const [about, { id, resourceGroup, subscriptionId }, version] =
    place === 'registry'
      ? (['registry', registry.id, '2025-11-01'] as const)
      : (['key holder', keyHolder, '2026-02-01'] as const);
  const read = parameters.some((parameter) => parameter.includes('@now.json'))
    ? [`  az resource show --ids ${toWord(id, `id of the ${about}`)} --api-version ${version} > now.json`]
    : [];
  const group = toWord(resourceGroup, `resource group of the ${about}`);
  return [
    `Deploy it to the resource group of the ${about}:`,
    ...read,
    `  az deployment group create --subscription ${toWord(subscriptionId, 'its subscription')} --resource-group ${group} \\`,
    `    --template-file <this file>${parameters.length > 0 ? ` --parameters ${parameters.join(' ')}` : ''}`,
  ]
    .map((line) => `// ${toCommentText(line)}`)
    .join('\n');
}

function toWord(text: string | undefined, about: string): string {
  return text === undefined ? `<${about}>` : toShellWord(text);
}

/** Changes some properties of the vault or Managed HSM, and keeps all others as they are. */
export function changeKeyHolder({ keyHolder }: Subject, properties: string): string {
  const isVault = keyHolder.kind === 'vault';
  return `@description('The key holder as it is: what "az resource show" answers. A deployment replaces what it leaves out')
param keyHolderNow object

resource keyHolder ${isVault ? vaults : managedHsms} = {
  name: keyHolderName
  location: keyHolderLocation
  tags: keyHolderNow.?tags
${isVault ? '' : '  sku: keyHolderNow.sku\n'}  properties: {
    ...keyHolderNow.properties
${properties}
  }
}`;
}

/** Recovers the soft-deleted vault or Managed HSM, by the symbol `keyHolder`. */
export function recoverKeyHolder({ keyHolder }: Subject): string {
  return keyHolder.kind === 'vault'
    ? `// A recovered vault comes back as it was: what stands beside createMode is not taken.
resource keyHolder ${vaults} = {
  name: keyHolderName
  location: keyHolderLocation
  properties: {
    createMode: 'recover'
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
  }
}`
    : `resource keyHolder ${managedHsms} = {
  name: keyHolderName
  location: keyHolderLocation
  properties: {
    createMode: 'recover'
  }
}`;
}

/** The vault and its key, as they are; `vaultName` and `keyName` are expressions. */
export function existingKey(vaultName = 'keyHolderName', keyName = 'keyName'): string {
  return `resource keyHolder ${vaults} existing = {
  name: ${vaultName}
}

resource key 'Microsoft.KeyVault/vaults/keys@2026-02-01' existing = {
  parent: keyHolder
  name: ${keyName}
}`;
}

/** The role at the symbol `key` for a principal; `condition` is an expression. */
export function assignRole(principal: string, condition?: string): string {
  return `resource mayUseKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = ${toCondition(condition)}{
  name: guid(key.id, ${principal === 'principalId' ? principal : 'identity.id'}, '${encryptionUserRole}')
  scope: key
  properties: {
    principalId: ${principal}
    principalType: 'ServicePrincipal'
    // Key Vault Crypto Service Encryption User
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${encryptionUserRole}')
  }
}`;
}

/** Adds to the access policies of the vault; what others may do stays. */
export function addPolicy(subject: Subject, principal: string, condition?: string): string {
  return `resource keyHolder ${vaults} existing = {
  name: keyHolderName
}

resource mayUseKey 'Microsoft.KeyVault/vaults/accessPolicies@2026-02-01' = ${toCondition(condition)}{
  parent: keyHolder
  name: 'add'
  properties: {
    accessPolicies: [
      {
        tenantId: tenant().tenantId
        objectId: ${principal}
        permissions: {
          keys: [${toKeyPermissions(subject).map(quoteBicep).join(', ')}]
        }
      }
    ]
  }
}`;
}

/** A user-assigned identity. */
export function newIdentity(condition?: string): string {
  return `resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = ${toCondition(condition)}{
  name: newIdentityName
  location: registryLocation
}`;
}

/** A file that is deployed twice: in the key holder's resource group, then in the registry's. */
export const parts = `@description('First "access" in the resource group of the key holder, then "registry" in that of the registry')
@allowed(['access', 'registry'])
param part string`;

/** Takes the identity that the part "access" made to the part "registry". */
export const identityOutputs = `@description('Output newIdentityId of the part "access"')
param identityId string = ''

@description('Output newIdentityClientId of the part "access"')
param identityClientId string = ''

output newIdentityId string = part == 'access' ? identity!.id : identityId
output newIdentityClientId string = part == 'access' ? identity!.properties.clientId : identityClientId`;

function toCondition(condition: string | undefined): string {
  return condition ? `if (${condition}) ` : '';
}

/** A vault that keeps what is deleted, and an RSA key in it, by the symbols `keyHolder` and `key`; `condition` as of {@link assignRole}. */
export function newVaultWithKey(condition?: string): string {
  const when = toCondition(condition);
  return `resource keyHolder ${vaults} = ${when}{
  name: newVaultName
  location: registryLocation
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
  }
}

${newKey(when)}`;
}

/** An RSA key of another name in the vault, by the symbol `key`. */
export function newKeyInVault(condition?: string): string {
  return `resource keyHolder ${vaults} existing = {
  name: keyHolderName
}

${newKey(toCondition(condition))}`;
}

function newKey(when: string): string {
  return `resource key 'Microsoft.KeyVault/vaults/keys@2026-02-01' = ${when}{
  parent: keyHolder
  name: newKeyName
  properties: {
    kty: 'RSA'
    keySize: 4096
    keyOps: ['wrapKey', 'unwrapKey']
  }
}`;
}

/** A Managed HSM that keeps what is deleted. */
export const newHsm = `resource newHsm ${managedHsms} = {
  name: newHsmName
  location: registryLocation
  sku: {
    family: 'B'
    name: 'Standard_B1'
  }
  properties: {
    tenantId: tenant().tenantId
    initialAdminObjectIds: [administratorId]
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
  }
}`;

export { changeRegistry, encryption, withIdentity } from './bicep-registry.ts';
