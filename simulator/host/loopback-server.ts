import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOST = '127.0.0.1';
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** A request, read to its end. */
export interface LoopbackRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An answer; header names are lower-case. */
export interface LoopbackResponse {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
}

/** A plain HTTP server on 127.0.0.1. */
export interface LoopbackServer {
  port: number;
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Refuses new connections, lets open requests end for that many milliseconds, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts an HTTP server on 127.0.0.1, on a free port where none is given; an answer that throws becomes a 500.
 * @throws Error that names the port when it is taken.
 */
export async function startLoopbackServer(
  answer: (request: LoopbackRequest) => Promise<LoopbackResponse>,
  port = 0,
): Promise<LoopbackServer> {
  let closing = false;
  const server = createServer((incoming, outgoing) => {
    respond(incoming, answer)
      .catch(() => ({ status: 500 }))
      .then((response) => {
        // A connection that was busy when the server closed would otherwise be kept open.
        outgoing.shouldKeepAlive &&= !closing;
        send(outgoing, response);
      })
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port)));
    server.listen(port, HOST, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http://${HOST}:${bound}`,
    async close(graceMs = 0) {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

async function respond(
  incoming: IncomingMessage,
  answer: (request: LoopbackRequest) => Promise<LoopbackResponse>,
): Promise<LoopbackResponse> {
  const url = URL.parse(`http://${incoming.headers.host ?? HOST}${incoming.url}`);
  if (!url) {
    return { status: 400 };
  }
  const body = await readBody(incoming);
  if (!body) {
    return { status: 413 };
  }
  return answer({ method: incoming.method ?? 'GET', url, headers: incoming.headers, body });
}

// What is over the limit is read all the same, so that the sender gets its answer.
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes <= BODY_LIMIT_BYTES) {
      chunks.push(chunk);
    }
  }
  return bytes <= BODY_LIMIT_BYTES ? Buffer.concat(chunks) : undefined;
}

function send(outgoing: ServerResponse, response: LoopbackResponse): void {
  if (outgoing.destroyed) {
    return;
  }
  outgoing.statusCode = response.status;
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    outgoing.setHeader(name, value);
  }
  outgoing.end(response.body);
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  return error.code === 'EADDRINUSE'
    ? new Error(`Port ${port} on ${HOST} is taken by another process.`, { cause: error })
    : error;
}
