import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who the monitor is in the simulated tenant: object id and client id of its managed identity. */
export const monitorPrincipal = {
  objectId: '5b1c7a30-9d2e-4f18-8c64-2e7f0a93d1b6',
  clientId: 'c2f4e8d1-6a07-4b3c-9f52-71d80be4a5f9',
};

const lifetime = 24 * 60 * 60;

/**
 * Creates a listener that hands out tokens as the identity endpoint of App Service does.
 * Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function createIdentityListener(options: {
  path: string;
  tenantId: string;
  identityHeader: string;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { path, tenantId, identityHeader } = options;
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const resource = url.searchParams.get('resource');
    const isKnown = request.method === 'GET' && url.pathname === path;
    if (!isKnown) return send(response, 404, refusal(404, 'Not found.'));
    if (request.headers['x-identity-header'] !== identityHeader) {
      return send(response, 401, refusal(401, 'The X-IDENTITY-HEADER header is missing or wrong.'));
    }
    if (url.searchParams.get('api-version') !== '2019-08-01' || !resource) {
      return send(response, 400, refusal(400, 'api-version=2019-08-01 and resource are required.'));
    }
    const clientId = url.searchParams.get('client_id') ?? monitorPrincipal.clientId;
    return send(response, 200, toToken({ tenantId, resource, clientId }));
  };
}

function toToken({ tenantId, resource, clientId }: { tenantId: string; resource: string; clientId: string }) {
  const issuedAt = Math.floor(Date.now() / 1000);
  const expiresAt = issuedAt + lifetime;
  const claims = {
    aud: resource,
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: expiresAt,
    appid: clientId,
    oid: monitorPrincipal.objectId,
    tid: tenantId,
    idtyp: 'app',
  };
  return {
    access_token: `${encode({ typ: 'JWT', alg: 'none' })}.${encode(claims)}.${encode('unsigned')}`,
    expires_on: String(expiresAt),
    resource,
    token_type: 'Bearer',
    client_id: clientId,
  };
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function refusal(statusCode: number, message: string) {
  return { statusCode, message };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
