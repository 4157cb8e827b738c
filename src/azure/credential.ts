import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import type { CloudName } from '../domain/key-identifier.ts';
import { clouds } from './clouds.ts';

/** Builds the credential for Azure: whatever `DefaultAzureCredential` finds, honouring `AZURE_TOKEN_CREDENTIALS` and `AZURE_CLIENT_ID`. */
export function createCredential(cloud: CloudName, clientId?: string): TokenCredential {
  return new DefaultAzureCredential({
    ...(cloud === 'AzureCloud' ? {} : { authorityHost: clouds[cloud].authorityHost }),
    ...(clientId ? { managedIdentityClientId: clientId } : {}),
  });
}

/** Builds the credential of an identity-based connection that names its own identity. */
export function createIdentityCredential(clientId: string): TokenCredential {
  return new ManagedIdentityCredential({ clientId });
}
