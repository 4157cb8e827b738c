import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer as Azure's table service gives it. */
export interface StubAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A table service on this machine that answers what a test wants, or never where the answer is undefined. */
export interface StubService {
  connectionString: string;
  /** Method, path and query of each request, decoded. */
  requests: string[];
  close(): Promise<void>;
}

export const created: StubAnswer = { status: 201, body: { TableName: 'findings' } };
export const written: StubAnswer = { status: 204, headers: { etag: 'W/"1"' } };
export const emptyList: StubAnswer = { status: 200, body: { value: [] } };

/** An error as single operations answer it. */
export function toError(status: number, code: string, message = 'Told by the service.'): StubAnswer {
  return { status, body: { 'odata.error': { code, message: { lang: 'en-US', value: message } } } };
}

/** Starts a service; `answer` gets method, path and query of each request, decoded. */
export async function startStubService(
  answer: (request: string) => StubAnswer | undefined,
): Promise<StubService> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const line = decodeURIComponent(`${request.method} ${request.url}`.replaceAll('+', ' '));
    requests.push(line);
    const given = answer(line);
    if (!given) return;
    response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
    response.end(given.body === undefined ? undefined : JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: `TableEndpoint=http://127.0.0.1:${port}/account;SharedAccessSignature=sv=2026&sig=SECRET`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
