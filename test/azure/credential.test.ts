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
  return { url: `http://127.0.0.1:${port}/msi/token`, asked: asked.promise, count: () => requests };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

it('ends a request for a token that hangs after 5 seconds, and asks anew 5 seconds later', async () => {
  const { url, asked, count } = await startHangingEndpoint();
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential');
  vi.stubEnv('IDENTITY_ENDPOINT', url);
  vi.stubEnv('IDENTITY_HEADER', 'header');
  const credential = createCredential('AzureCloud');
  const hanging = credential.getToken(scope);
  const outcome = expect(hanging).rejects.toMatchObject({
    name: 'AuthenticationTimeoutError',
    message: 'no answer within 5 s',
  });
  await asked;
  vi.advanceTimersByTime(5_000);
  await outcome;
  await expect(credential.getToken(scope)).rejects.toThrow('no answer within 5 s');
  expect(count()).toBe(1);
  vi.advanceTimersByTime(5_000);
  expect(await credential.getToken(scope)).toMatchObject({ token: 'token-2' });
  expect(vi.getTimerCount()).toBe(0);
});
