import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { type CloudName, clouds } from '../domain/estate/cloud.ts';

/**
 * Longest time for a token, in milliseconds: an identity endpoint is near and answers soon; the tools of a developer's
 * machine take longer to start.
 */
const timeouts = { near: 5_000, tools: 15_000 };

/** For how long one failure answers all who ask for a token, in milliseconds: each that waits would wait in vain. */
const failureKnownFor = 5_000;

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
  const timeout = process.env.IDENTITY_ENDPOINT ? timeouts.near : timeouts.tools;
  const failures = new Map<string, { error: unknown; until: number }>();
  return {
    async getToken(scopes, options) {
      const asked = [scopes].flat().join(' ');
      const failure = failures.get(asked);
      if (failure && failure.until > Date.now()) throw failure.error;
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(new TokenTimeoutError(timeout)), timeout);
      try {
        return await Promise.race([credential.getToken(scopes, options), late.promise]);
      } catch (error) {
        if (!options?.abortSignal?.aborted)
          failures.set(asked, { error, until: Date.now() + failureKnownFor });
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

class TokenTimeoutError extends Error {
  override readonly name = 'AuthenticationTimeoutError';

  constructor(timeout: number) {
    super(`no answer within ${timeout / 1000} s`);
  }
}
