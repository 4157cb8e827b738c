import { localEncryptionUserRoleId, toKeyPermissions } from './access.ts';
import { quoteTerraform } from './quote-terraform.ts';
import type { Subject } from './subject.ts';

/** Changes some properties of the registry, and keeps all others as they are; nothing is undone when it is destroyed. */
export function changeRegistry(body: string, dependsOn?: string): string {
  return `resource "azapi_update_resource" "registry" {
  type        = "Microsoft.ContainerRegistry/registries@2025-11-01"
  resource_id = var.registry_id
  body = {
${body}
  }
${dependsOn ? `  depends_on = [${dependsOn}]\n` : ''}}`;
}

/** Changes some properties of the vault or Managed HSM, and keeps all others as they are. */
export function changeKeyHolder({ keyHolder }: Subject, properties: string): string {
  const type = keyHolder.kind === 'vault' ? 'vaults' : 'managedHSMs';
  return `resource "azapi_update_resource" "key_holder" {
  type        = "Microsoft.KeyVault/${type}@2026-02-01"
  resource_id = var.key_holder_id
  body = {
    properties = {
${properties}
    }
  }
}`;
}

/** Properties of a registry that is under a customer-managed key. */
export function encryption(keyIdentifier: string, identity: string): string {
  return `    properties = {
      encryption = {
        status = "enabled"
        keyVaultProperties = {
          keyIdentifier = ${keyIdentifier}
          identity      = ${identity}
        }
      }
    }`;
}

/** The registry's identities with one more: azapi keeps the others. */
export function withIdentity({ registry }: Subject, id: string): string {
  const hasSystem = registry.identity?.type?.toLowerCase().includes('systemassigned');
  return `    identity = {
      type                   = "${hasSystem ? 'SystemAssigned, UserAssigned' : 'UserAssigned'}"
      userAssignedIdentities = { (${id}) = {} }
    }`;
}

/** The role at a key of a vault. */
export function assignRole(scope: string, principal: string): string {
  return `resource "azurerm_role_assignment" "may_use_key" {
  scope                = ${scope}
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = ${principal}
  principal_type       = "ServicePrincipal"
}`;
}

/** Lets a principal get, wrap and unwrap with the registry's key, by the key holder's own way of granting. */
export function grant(subject: Subject, principal: string): string {
  switch (subject.keyHolder.access) {
    case 'roles':
      return assignRole(keyScope('var.key_holder_id'), principal);
    case 'unknown':
      return `# Where the vault goes by access policies, an azurerm_key_vault_access_policy has to stand in for this.\n${assignRole(keyScope('var.key_holder_id'), principal)}`;
    case 'policies':
      return addPolicy(subject, principal);
    case 'localRoles':
      return assignLocalRole('var.key_holder_id', 'var.key_name', principal);
  }
}

/** The key's resource id, below that of its vault; an expression. */
export function keyScope(vaultId: string): string {
  return `"\${${vaultId}}/keys/\${var.key_name}"`;
}

function addPolicy(subject: Subject, principal: string): string {
  return `data "azurerm_client_config" "current" {}

# Where the identity has an access policy already, import it first: its permissions are in the list.
resource "azurerm_key_vault_access_policy" "may_use_key" {
  key_vault_id    = var.key_holder_id
  tenant_id       = data.azurerm_client_config.current.tenant_id
  object_id       = ${principal}
  key_permissions = [${toTerraformPermissions(subject).map(quoteTerraform).join(', ')}]
}`;
}

/** The provider spells permissions with a capital, and knows no "all". */
function toTerraformPermissions(subject: Subject): string[] {
  const spelled: Record<string, string> = {
    getrotationpolicy: 'GetRotationPolicy',
    setrotationpolicy: 'SetRotationPolicy',
  };
  return toKeyPermissions(subject)
    .filter((permission) => permission !== 'all')
    .map((permission) => spelled[permission] ?? permission.charAt(0).toUpperCase() + permission.slice(1));
}

/** The local role at a key of a Managed HSM. */
export function assignLocalRole(hsmId: string, keyName: string, principal: string): string {
  return `data "azurerm_key_vault_managed_hardware_security_module_role_definition" "encryption_user" {
  managed_hsm_id = ${hsmId}
  name           = "${localEncryptionUserRoleId}" # Managed HSM Crypto Service Encryption User
}

resource "azurerm_key_vault_managed_hardware_security_module_role_assignment" "may_use_key" {
  managed_hsm_id     = ${hsmId}
  name               = uuidv5("url", "\${${hsmId}}/keys/\${${keyName}}/\${${principal}}")
  scope              = "/keys/\${${keyName}}"
  role_definition_id = data.azurerm_key_vault_managed_hardware_security_module_role_definition.encryption_user.resource_manager_id
  principal_id       = ${principal}
}`;
}

/** A user-assigned identity beside the registry. */
export const newIdentity = `resource "azurerm_user_assigned_identity" "registry" {
  name                = var.new_identity_name
  resource_group_name = var.registry_resource_group
  location            = var.registry_location
}`;

/** A vault that keeps what is deleted, and an RSA key in it, in the resource group of `place`. */
export function newVaultWithKey(place: 'registry' | 'key_holder'): string {
  return `data "azurerm_client_config" "current" {}

resource "azurerm_key_vault" "new" {
  name                       = var.new_vault_name
  resource_group_name        = var.${place}_resource_group
  location                   = var.registry_location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 90

  network_acls {
    bypass         = "AzureServices"
    default_action = "Allow"
  }
}

# Whoever applies this has to be allowed to make keys.
resource "azurerm_role_assignment" "may_make_keys" {
  scope                = azurerm_key_vault.new.id
  role_definition_name = "Key Vault Crypto Officer"
  principal_id         = data.azurerm_client_config.current.object_id
}

${newKey('azurerm_key_vault.new.id')}`;
}

function newKey(vaultId: string): string {
  return `resource "azurerm_key_vault_key" "new" {
  name         = var.new_key_name
  key_vault_id = ${vaultId}
  key_type     = "RSA"
  key_size     = 4096
  key_opts     = ["wrapKey", "unwrapKey"]
  depends_on   = [azurerm_role_assignment.may_make_keys]

  lifecycle {
    prevent_destroy = true
  }
}`;
}

/** An RSA key of another name in the vault; whoever applies it has to be allowed to make keys. */
export const newKeyInVault = newKey('var.key_holder_id').replace(/ +depends_on .*\n/, '');

/** An RSA key in a Managed HSM. */
export function newHsmKey(hsmId: string): string {
  return `resource "azurerm_key_vault_managed_hardware_security_module_key" "new" {
  name           = var.new_key_name
  managed_hsm_id = ${hsmId}
  key_type       = "RSA-HSM"
  key_size       = 4096
  key_opts       = ["wrapKey", "unwrapKey"]

  lifecycle {
    prevent_destroy = true
  }
}`;
}

/** A Managed HSM that keeps what is deleted, and a key in it. */
export const newHsm = `data "azurerm_client_config" "current" {}

resource "azurerm_key_vault_managed_hardware_security_module" "new" {
  name                       = var.new_hsm_name
  resource_group_name        = var.key_holder_resource_group
  location                   = var.registry_location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "Standard_B1"
  admin_object_ids           = [var.administrator_id]
  purge_protection_enabled   = true
  soft_delete_retention_days = 90
}

${newHsmKey('azurerm_key_vault_managed_hardware_security_module.new.id')}`;
