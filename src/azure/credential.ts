import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { type CloudName, clouds } from '../domain/estate/cloud.ts';

/** Longest time that a credential may take for a token, in milliseconds. */
const timeout = 15_000;

/** Builds the credential for Azure: whatever `DefaultAzureCredential` finds, honouring `AZURE_TOKEN_CREDENTIALS` and `AZURE_CLIENT_ID`. */
export function createCredential(cloud: CloudName, clientId?: string): TokenCredential {
  return withTimeout(
    new DefaultAzureCredential({
      ...(cloud === 'AzureCloud' ? {} : { authorityHost: clouds[cloud].authorityHost }),
      ...(clientId ? { managedIdentityClientId: clientId } : {}),
    }),
  );
}

/** Builds the credential of an identity-based connection that names its own identity. */
export function createIdentityCredential(clientId: string): TokenCredential {
  return withTimeout(new ManagedIdentityCredential({ clientId }));
}

/** The SDKs' clients all wait for a request for a token that is under way: one that hangs must not stop them for ever. */
function withTimeout(credential: TokenCredential): TokenCredential {
  return {
    async getToken(scopes, options) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(new TokenTimeoutError()), timeout);
      try {
        return await Promise.race([credential.getToken(scopes, options), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

class TokenTimeoutError extends Error {
  override readonly name = 'AuthenticationTimeoutError';

  constructor() {
    super(`no answer within ${timeout / 1000} s`);
  }
}
