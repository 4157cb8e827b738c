import { encryptionUserRole, localEncryptionUserRole, toKeyPermissions } from './access.ts';
import type { Subject } from './subject.ts';

const registry =
  '--name "$REGISTRY_NAME" --resource-group "$REGISTRY_RESOURCE_GROUP" \\\n  --subscription "$REGISTRY_SUBSCRIPTION"';

/** Words that name the registry to `az acr …`. */
export const registryWords = registry;

/** Words that name the key holder to `az keyvault key …`. */
export function keyHolderWords({ keyHolder }: Subject): string {
  const option = keyHolder.kind === 'vault' ? '--vault-name' : '--hsm-name';
  return `${option} "$KEY_HOLDER_NAME"${keyHolder.subscriptionId ? ' --subscription "$KEY_HOLDER_SUBSCRIPTION"' : ''}`;
}

/** Sets PRINCIPAL_ID where the posture does not tell it. */
export function findPrincipal({ identity }: Subject): string {
  if (identity.principalId) return '';
  if (identity.kind === 'system')
    return `PRINCIPAL_ID="$(az acr show ${registry} \\\n  --query identity.principalId --output tsv)"`;
  if (identity.id)
    return 'PRINCIPAL_ID="$(az identity show --ids "$IDENTITY_ID" --query principalId --output tsv)"';
  return 'PRINCIPAL_ID="$(az ad sp show --id "$IDENTITY_CLIENT_ID" --query id --output tsv)"';
}

/** The Azure role at a key of a vault. */
export function assignRole(keyScope: string): string {
  return `az role assignment create --assignee-object-id "$PRINCIPAL_ID" --assignee-principal-type ServicePrincipal \\
  --role ${encryptionUserRole} --scope "${keyScope}" --output none`;
}

/** The local role at a key of a Managed HSM, unless it is there: assigning it twice is an error. */
export function assignLocalRole(hsm: string, key: string): string {
  const words = `${hsm} \\
  --role '${localEncryptionUserRole}' --scope "/keys/${key}" --assignee-object-id "$PRINCIPAL_ID"`;
  return `ASSIGNED="$(az keyvault role assignment list ${words} \\
  --query '[].name' --output tsv)"
[ -n "$ASSIGNED" ] || az keyvault role assignment create ${words} \\
  --assignee-principal-type ServicePrincipal --output none`;
}

/** Lets PRINCIPAL_ID get, wrap and unwrap with the registry's key, by the key holder's own way of granting. */
export function grant(subject: Subject): string {
  switch (subject.keyHolder.access) {
    case 'roles':
      return assignRole('$KEY_HOLDER_ID/keys/$KEY_NAME');
    case 'policies':
      return setPolicy(subject);
    case 'localRoles':
      return assignLocalRole(keyHolderWords(subject), '$KEY_NAME');
    case 'unknown':
      return grantByItsWay(subject);
  }
}

/** Where nothing is known of a vault the script asks it. The access policies of a deleted one come back with it. */
function grantByItsWay(subject: Subject): string {
  const otherwise = subject.keyHolder.state === 'deleted' ? '' : `\nelse\n${indent(setPolicy(subject))}`;
  return `USES_ROLES="$(az keyvault show --name "$KEY_HOLDER_NAME" --subscription "$KEY_HOLDER_SUBSCRIPTION" \\
  --query properties.enableRbacAuthorization --output tsv)"
if [ "$USES_ROLES" = true ]; then
${indent(assignRole('$KEY_HOLDER_ID/keys/$KEY_NAME'))}${otherwise}
fi`;
}

/** Setting a policy replaces the identity's permissions on keys: those that it has are in the list. */
function setPolicy(subject: Subject): string {
  return `az keyvault set-policy --name "$KEY_HOLDER_NAME" --resource-group "$KEY_HOLDER_RESOURCE_GROUP" \\
  --subscription "$KEY_HOLDER_SUBSCRIPTION" --object-id "$PRINCIPAL_ID" \\
  --key-permissions ${toKeyPermissions(subject).join(' ')} --output none`;
}

/** A user-assigned identity beside the registry; sets IDENTITY_ID and PRINCIPAL_ID. */
export const createIdentity = `az identity create --name "$NEW_IDENTITY_NAME" --resource-group "$REGISTRY_RESOURCE_GROUP" \\
  --subscription "$REGISTRY_SUBSCRIPTION" --location "$REGISTRY_LOCATION" --output none
IDENTITY_ID="$(az identity show --name "$NEW_IDENTITY_NAME" --resource-group "$REGISTRY_RESOURCE_GROUP" \\
  --subscription "$REGISTRY_SUBSCRIPTION" --query id --output tsv)"
PRINCIPAL_ID="$(az identity show --ids "$IDENTITY_ID" --query principalId --output tsv)"`;

/** Where a new vault or Managed HSM is made. */
export type Place = 'REGISTRY' | 'KEY_HOLDER';

/** A vault that keeps what is deleted, in the registry's region; sets VAULT_ID. */
export function createVault(place: Place): string {
  return `az keyvault create --name "$NEW_VAULT_NAME" --resource-group "$${place}_RESOURCE_GROUP" \\
  --subscription "$${place}_SUBSCRIPTION" --location "$REGISTRY_LOCATION" \\
  --enable-rbac-authorization true --enable-purge-protection true --retention-days 90 \\
  --default-action Allow --bypass AzureServices --output none
VAULT_ID="$(az keyvault show --name "$NEW_VAULT_NAME" --subscription "$${place}_SUBSCRIPTION" --query id --output tsv)"`;
}

/** A key in the new vault; sets NEW_KEY_ID, without a version, so that the registry follows the key. */
export function createVaultKey(place: Place): string {
  return `# To make keys in it, you need the role "Key Vault Crypto Officer" at it; it takes some minutes to take effect:
# az role assignment create --role 'Key Vault Crypto Officer' --scope "$VAULT_ID" \\
#   --assignee "$(az ad signed-in-user show --query id --output tsv)"
NEW_KEY_VERSION="$(az keyvault key create --vault-name "$NEW_VAULT_NAME" --subscription "$${place}_SUBSCRIPTION" \\
  --name "$NEW_KEY_NAME" --kty RSA --size 4096 --ops wrapKey unwrapKey --query key.kid --output tsv)"
NEW_KEY_ID="\${NEW_KEY_VERSION%/*}"`;
}

/** A role takes some minutes to take effect. */
export const waitForRole = `# A new role assignment may take some minutes: if the next command is refused for want of access, repeat it.
sleep 60`;

/** Moves the registry to a key; only registries that have a customer-managed key can be moved. */
export function rotateKey(key: string, identity: string): string {
  return `az acr encryption rotate-key ${registry} \\
  --key-encryption-key "${key}" --identity ${identity} --output none`;
}

/** The identity by which the registry reaches its key, as `az acr encryption rotate-key` takes it. */
export function identityWord({ identity }: Subject): string {
  if (identity.kind === 'system') return "'[system]'";
  return identity.id ? '"$IDENTITY_ID"' : '"$IDENTITY_CLIENT_ID"';
}

/** Indents lines by two blanks. */
function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

/** Joins steps, each with its number and what it is for; empty ones are left out. */
export function toSteps(...steps: readonly (readonly [about: string, ...commands: string[]])[]): string {
  return steps
    .map(([about, ...commands], at) => [`# ${at + 1}. ${about}`, ...commands.filter(Boolean)].join('\n'))
    .join('\n\n');
}
