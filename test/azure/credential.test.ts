import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createCredential } from '../../src/azure/credential.ts';

const scope = 'https://management.azure.com/.default';

/** An identity endpoint that hangs for its first request, and answers all others. */
async function startHangingEndpoint() {
  const asked = Promise.withResolvers<ServerResponse>();
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    if (requests === 1) return asked.resolve(response);
    response.writeHead(200, { 'content-type': 'application/json' });
    const expiresOn = Math.floor(Date.now() / 1000) + 3_600;
    response.end(
      JSON.stringify({ access_token: `token-${requests}`, expires_on: expiresOn, token_type: 'Bearer' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/msi/token`, asked: asked.promise };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

it('asks anew after a request for a token that hangs, which ends after 15 seconds', async () => {
  const { url, asked } = await startHangingEndpoint();
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential');
  vi.stubEnv('IDENTITY_ENDPOINT', url);
  vi.stubEnv('IDENTITY_HEADER', 'header');
  const credential = createCredential('AzureCloud');
  const hanging = credential.getToken(scope);
  const outcome = expect(hanging).rejects.toMatchObject({
    name: 'AuthenticationTimeoutError',
    message: 'no answer within 15 s',
  });
  await asked;
  vi.advanceTimersByTime(15_000);
  await outcome;
  expect(await credential.getToken(scope)).toMatchObject({ token: 'token-2' });
  expect(vi.getTimerCount()).toBe(0);
});
