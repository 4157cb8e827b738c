import type { Subject } from './subject.ts';

/** A value that a remedy's text works on: a name of the posture, or one that the operator has to choose. */
export interface Value {
  /** In camel case, as Bicep has it; the shell has it in capitals, Terraform in snake case. */
  name: string;
  /** What it is. A fixed text: it never holds a name from Azure. */
  about: string;
  /** Absent where the posture does not tell it: the operator has to. */
  text?: string | undefined;
  /** The operator may well want another one. */
  isChoice?: true;
}

/** All values of a subject; a remedy's texts declare those that they use. */
export function toValues(subject: Subject): Value[] {
  const { registry, keyHolder, key, identity, readAt, posture } = subject;
  const { id } = registry;
  return [
    own('registryName', 'Name of the registry', id.name),
    own('registryId', 'Resource id of the registry', id.id),
    own('registryResourceGroup', 'Resource group of the registry', id.resourceGroup),
    own('registrySubscription', 'Subscription of the registry', id.subscriptionId),
    own('registryLocation', 'Region of the registry', registry.location || undefined),
    own('registryTenant', 'Tenant of the registry', registry.identity?.tenantId ?? posture.tenantId),
    own('keyHolderName', 'Name of the Key Vault or Managed HSM of the key', keyHolder.name),
    own('keyHolderId', 'Resource id of the Key Vault or Managed HSM of the key', keyHolder.id),
    own('keyHolderResourceGroup', 'Resource group of the key holder', keyHolder.resourceGroup),
    own('keyHolderSubscription', 'Subscription of the key holder', keyHolder.subscriptionId),
    own('keyHolderLocation', 'Region of the key holder', keyHolder.location),
    own('keyName', 'Name of the key', key.name),
    own('keyId', 'Identifier of the key, without a version', key.id),
    own('keyVersion', 'Version of the key that the registry uses', key.version),
    own('identityId', 'Resource id of the identity that reaches the key', identity.id),
    own('identityClientId', 'Client id of the identity that reaches the key', identity.clientId),
    own('principalId', 'Object id of the identity that reaches the key', identity.principalId),
    choice('newRegistryName', 'Name of the new registry, unique in all of Azure', toRegistryName(id.name)),
    choice('newIdentityName', 'Name of the new identity', `id-${toPlain(id.name)}-cmk`),
    choice('newVaultName', 'Name of the new vault, unique in all of Azure', toHolderName('kv', subject)),
    choice('newHsmName', 'Name of the new Managed HSM, unique in all of Azure', toHolderName('hsm', subject)),
    choice('newKeyName', 'Name of the new key', key.name === 'acr-cmk' ? 'acr-cmk-2' : 'acr-cmk'),
    choice('newExpiry', 'New time of expiry, UTC', toTwoYearsLater(readAt)),
    choice('diagnosticSettingName', 'Name of the diagnostic setting', 'audit'),
    own('workspaceId', 'Resource id of the Log Analytics workspace that keeps the audit events'),
    own('administratorId', 'Object id of whoever administers the new Managed HSM'),
    own('assignmentId', 'Resource id of the role assignment to take away'),
  ];
}

function own(name: string, about: string, text?: string): Value {
  return { name, about, text };
}

function choice(name: string, about: string, text: string): Value {
  return { name, about, text, isChoice: true };
}

function toPlain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '') || 'registry';
}

function toRegistryName(name: string): string {
  return `${toPlain(name).slice(0, 47)}cmk`;
}

/** Names of vaults and Managed HSMs have 24 characters at most. */
function toHolderName(prefix: 'kv' | 'hsm', { registry, keyHolder }: Subject): string {
  const base = `${prefix}-${toPlain(registry.id.name).slice(0, 24 - prefix.length - 5)}`;
  const name = `${base}-cmk`;
  return keyHolder.name?.toLowerCase() === name ? `${base}-cm2` : name;
}

function toTwoYearsLater(time: string): string {
  const later = new Date(time);
  later.setUTCFullYear(later.getUTCFullYear() + 2);
  return Number.isNaN(later.getTime())
    ? '2028-01-01T00:00:00Z'
    : `${later.toISOString().slice(0, 10)}T00:00:00Z`;
}
