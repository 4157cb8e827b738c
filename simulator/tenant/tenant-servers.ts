import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts listening on a free port of 127.0.0.1 and answers that port. */
export async function listenOnLoopback(
  server: Pick<Server, 'listen' | 'address'> & NodeJS.EventEmitter,
): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Stops a server and breaks its connections, those that wait for an answer too. */
export async function closeServer(
  server: Pick<Server, 'close' | 'closeAllConnections'> & NodeJS.EventEmitter,
): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
