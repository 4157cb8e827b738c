import { toShellWord } from './quote-shell.ts';
import type { Subject } from './subject.ts';

/** Shows the registry's encryption. */
export function showEncryption({ registry: { id } }: Subject): string {
  return toCommand('az acr encryption show', {
    name: id.name,
    'resource-group': id.resourceGroup,
    subscription: id.subscriptionId,
  });
}

/** Shows something of the registry. */
export function showRegistry({ registry: { id } }: Subject, query: string): string {
  return toCommand('az acr show', {
    name: id.name,
    'resource-group': id.resourceGroup,
    subscription: id.subscriptionId,
    query,
  });
}

/** Shows something of the vault or Managed HSM. */
export function showKeyHolder({ keyHolder }: Subject, query: string): string {
  const { kind, name, subscriptionId: subscription } = keyHolder;
  return toCommand('az keyvault show', {
    [kind === 'vault' ? 'name' : 'hsm-name']: name,
    subscription,
    query,
  });
}

/** Shows something of the key's newest version. */
export function showKey({ keyHolder, key }: Subject, query: string): string {
  return toCommand('az keyvault key show', {
    [keyHolder.kind === 'vault' ? 'vault-name' : 'hsm-name']: keyHolder.name,
    name: key.name,
    subscription: keyHolder.subscriptionId,
    query,
  });
}

/** Shows who may use the key. */
export function showAccess(subject: Subject): string {
  const { keyHolder, key, identity } = subject;
  if (keyHolder.access === 'policies') return showKeyHolder(subject, 'properties.accessPolicies');
  if (keyHolder.access === 'localRoles')
    return toCommand('az keyvault role assignment list', {
      'hsm-name': keyHolder.name,
      scope: key.name && `/keys/${key.name}`,
      subscription: keyHolder.subscriptionId,
    });
  return `${toCommand('az role assignment list', {
    scope: keyHolder.id && key.name && `${keyHolder.id}/keys/${key.name}`,
    assignee: identity.principalId,
  })} --include-inherited`;
}

/** Assesses the registry; `id` where it is another one than the subject's. */
export function assess({ registry }: Subject, id = registry.id.id): string {
  return `acr-cmk assess ${toShellWord(id)}`;
}

/** A command in one line; options without a value are left out. */
export function toCommand(command: string, options: Record<string, string | undefined>): string {
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, toShellWord(value)],
  );
  return [command, ...words].join(' ');
}
