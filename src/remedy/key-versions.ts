import { toJudgedVersion } from '../domain/estate/key.ts';
import { keyHolderWords } from './az-steps.ts';
import type { Subject } from './subject.ts';

/** Operations of RSA keys by the spelling of the Azure command line (az keyvault key create --ops). */
const operations = ['decrypt', 'encrypt', 'sign', 'unwrapKey', 'verify', 'wrapKey'];

/** What the key has to permit: what a registry needs, and what it permits already. */
export function toKeyOperations({ posture }: Subject): string[] {
  const judged = posture.key && toJudgedVersion(posture.key);
  const own = (judged?.state === 'found' && judged.keyOps) || [];
  const wanted = new Set(['wrapkey', 'unwrapkey', ...own.map((operation) => operation.toLowerCase())]);
  return operations.filter((operation) => wanted.has(operation.toLowerCase()));
}

/** Makes a new version of the key; the old ones stay as they are. */
export function createVersion(subject: Subject, options: { size?: string; expires?: true } = {}): string {
  const { type, size } = subject.key;
  return `az keyvault key create ${keyHolderWords(subject)} --name "$KEY_NAME" \\
  --kty ${type} --size ${options.size ?? size} --ops ${toKeyOperations(subject).join(' ')}${options.expires ? ' --expires "$NEW_EXPIRY"' : ''} --output none`;
}

/** Warnings about new versions of a key. */
export function toVersionWarnings({ key }: Subject): string[] {
  return [
    'Leave the old version enabled: what it wrapped needs it until the registry uses the new one.',
    key.isPinned
      ? 'The registry is pinned to one version: it goes over only by "az acr encryption rotate-key".'
      : 'The registry follows to a new version within an hour.',
    'A key that was imported from elsewhere needs its new version imported (az keyvault key import).',
  ];
}

/** Rotates every eleven months; a version expires after two years. */
function toRotationPolicy({ keyHolder }: Subject): string {
  const rotate = { trigger: { timeAfterCreate: 'P11M' }, action: { type: 'Rotate' } };
  const notify = { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } };
  // A Managed HSM has no Event Grid to notify by.
  const lifetimeActions = keyHolder.kind === 'vault' ? [rotate, notify] : [rotate];
  return JSON.stringify({ lifetimeActions, attributes: { expiryTime: 'P2Y' } });
}

/** Step that lets a policy rotate the key. */
export function setRotationPolicy(subject: Subject): [string, string] {
  return [
    'A policy: a new version every eleven months.',
    `az keyvault key rotation-policy update ${keyHolderWords(subject)} --name "$KEY_NAME" \\
  --value '${toRotationPolicy(subject)}' --output none`,
  ];
}

/** Takes the key of a vault into Terraform's state and lets a policy rotate it; `lines` are more arguments. */
export function importKey(subject: Subject, lines = ''): string {
  const { type, size } = subject.key;
  return `# The key's newest version comes into the state; nothing else of it is changed.
import {
  to = azurerm_key_vault_key.registry
  id = "\${var.key_id}/\${var.key_version}"
}

resource "azurerm_key_vault_key" "registry" {
  name         = var.key_name
  key_vault_id = var.key_holder_id
  key_type     = "${type}"
  key_size     = ${size}
  key_opts     = [${toKeyOperations(subject)
    .map((operation) => `"${operation}"`)
    .join(', ')}]
${lines && `\n${lines}`}
  rotation_policy {
    expire_after         = "P2Y"
    notify_before_expiry = "P30D"
    automatic {
      time_after_creation = "P11M"
    }
  }

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [${lines ? '' : 'expiration_date, '}not_before_date, tags]
  }
}`;
}

/** What Bicep can't do with a key that exists. */
export const noVersionsInBicep =
  "// Bicep can't do this: Azure Resource Manager makes the first version of a key and leaves existing keys as they are.\n// The az commands do it.";

/** What Terraform can't do with a key of a Managed HSM. */
export const noHsmVersionsInTerraform =
  "# Terraform can't do this: its resource for keys of a Managed HSM makes no new versions. The az commands do it.";
