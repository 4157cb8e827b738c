import { createServer, request as forward } from 'node:http';

/** What went to and from Table Storage. */
export interface TableTraffic {
  calls: number;
  rowsRead: number;
  rowsWritten: number;
  bytesRead: number;
  bytesWritten: number;
}

/** Starts a proxy before a table service that counts what passes. */
export async function startTableProxy(
  port: number,
): Promise<{ port: number; take(): TableTraffic; close(): void }> {
  let traffic = emptyTraffic();
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await Array.fromAsync(incoming));
    const { method, url: path, headers } = incoming;
    const target = forward({ host: '127.0.0.1', port, method, path, headers }, async (answer) => {
      const answered = Buffer.concat(await Array.fromAsync(answer));
      count(traffic, { method: method ?? '', path: path ?? '', body, answered });
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(answered);
    });
    target.on('error', (error) => outgoing.destroy(error));
    target.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    take() {
      const taken = traffic;
      traffic = emptyTraffic();
      return taken;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function emptyTraffic(): TableTraffic {
  return { calls: 0, rowsRead: 0, rowsWritten: 0, bytesRead: 0, bytesWritten: 0 };
}

function count(
  traffic: TableTraffic,
  { method, path, body, answered }: { method: string; path: string; body: Buffer; answered: Buffer },
): void {
  traffic.calls += 1;
  traffic.bytesRead += answered.length;
  traffic.bytesWritten += body.length;
  if (path.includes('$batch'))
    traffic.rowsWritten += body.toString().match(/^(POST|PUT|MERGE|PATCH|DELETE) http/gm)?.length ?? 0;
  else if (method === 'GET') traffic.rowsRead += countRows(answered);
  else if (!path.includes('/Tables')) traffic.rowsWritten += 1;
}

function countRows(answered: Buffer): number {
  try {
    const { value } = JSON.parse(answered.toString());
    return Array.isArray(value) ? value.length : 1;
  } catch {
    return 0;
  }
}
