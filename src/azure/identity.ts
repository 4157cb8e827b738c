import type { TokenCredential } from '@azure/identity';
import type { Identity } from '../domain/estate/identity.ts';
import { ReadFailure } from '../domain/estate/read-failure.ts';

/** How long a credential may look for a token, in milliseconds. */
const timeout = 30_000;

/** Asks for a token and reads who it is for; throws {@link ReadFailure} when there is none. */
export async function readIdentity(credential: TokenCredential, scope: string): Promise<Identity> {
  try {
    const token = await credential.getToken(scope, { abortSignal: AbortSignal.timeout(timeout) });
    const claims = toClaims(token?.token ?? '');
    const name = claims.upn ?? claims.unique_name ?? claims.app_displayname ?? claims.appid ?? 'unknown';
    return { name, objectId: claims.oid ?? 'unknown', tenantId: claims.tid ?? 'unknown' };
  } catch (cause) {
    throw new ReadFailure('Nobody is signed in to Azure: no credential gave a token', {
      cause,
      isSignIn: true,
    });
  }
}

/** The claims of an access token, unverified: they are only shown. */
function toClaims(token: string): Record<string, string | undefined> {
  const payload = token.split('.')[1] ?? '';
  return JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}');
}
