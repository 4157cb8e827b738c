const registries = "'Microsoft.ContainerRegistry/registries@2025-11-01'";

/** Changes some properties of the registry, and keeps all others as they are. */
export function changeRegistry(change: {
  properties: string;
  identity?: string;
  condition?: string;
}): string {
  const { properties, identity, condition } = change;
  // Where the registry is a part, the other part is deployed without it.
  const isOptional = condition !== undefined;
  const now = isOptional ? '(registryNow.?properties ?? {})' : 'registryNow.properties';
  return `@description('The registry as it is: what "az resource show" answers. A deployment replaces what it leaves out')
param registryNow object${isOptional ? ' = {}' : ''}

var attached = ${attached}

resource registry ${registries} = ${condition ? `if (${condition}) ` : ''}{
  name: registryName
  location: registryLocation
  tags: registryNow.?tags
  sku: {
    name: 'Premium'
  }
  identity: ${identity ?? keptIdentity}
  properties: {
    ...${now}
${properties}
  }
}`;
}

const attached =
  'toObject(items(registryNow.?identity.?userAssignedIdentities ?? {}), one => one.key, one => {})';

/** The registry's identities as they are. */
const keptIdentity = `empty(attached)
    ? {
        type: registryNow.?identity.?type ?? 'None'
      }
    : {
        type: registryNow.identity.type
        userAssignedIdentities: attached
      }`;

/** The registry's identities with one more; `id` is an expression. */
export function withIdentity(id: string): string {
  return `{
    type: contains(toLower(registryNow.?identity.?type ?? ''), 'systemassigned') ? 'SystemAssigned, UserAssigned' : 'UserAssigned'
    userAssignedIdentities: union(attached, { '\${${id}}': {} })
  }`;
}

/** Properties of a registry that is under a customer-managed key. */
export function encryption(keyIdentifier: string, identity: string): string {
  return `    encryption: {
      status: 'enabled'
      keyVaultProperties: {
        keyIdentifier: ${keyIdentifier}
        identity: ${identity}
      }
    }`;
}
