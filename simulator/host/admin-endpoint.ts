import { type AccessKeys, isAllowed } from './access-keys.ts';
import type { LoopbackRequest, LoopbackResponse } from './loopback-server.ts';
import type { RegisteredFunction } from './registered-function.ts';
import type { Timers } from './timers.ts';

const ADMIN_PATH = /^\/admin\/functions\/([^/]+)$/i;

/** What an admin endpoint needs. */
export interface AdminEndpointOptions {
  functions: RegisteredFunction[];
  keys: AccessKeys;
  timers: Timers;
}

/**
 * Creates the endpoint `POST /admin/functions/NAME` that runs a timer by hand with the master key and a JSON body, as the
 * real one, and answers 202 at once; it answers `undefined` to anything else.
 */
export function createAdminEndpoint({ functions, keys, timers }: AdminEndpointOptions) {
  return (request: LoopbackRequest): LoopbackResponse | undefined => {
    const name = ADMIN_PATH.exec(request.url.pathname)?.[1];
    if (!name || request.method !== 'POST') {
      return undefined;
    }
    if (!isAllowed(request, 'admin', keys)) {
      return { status: isAllowed(request, 'function', keys) ? 403 : 401 };
    }
    if (!/\bjson\b/i.test(request.headers['content-type'] ?? '')) {
      return { status: 415 };
    }
    const found = functions.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (!found) {
      return { status: 404 };
    }
    if (found.trigger !== 'timer') {
      return {
        status: 400,
        body: `'${found.name}' is no timer; the local functions host runs only those by hand.`,
      };
    }
    // The invoker has logged a failure.
    void timers.run(found.name).catch(() => {});
    return { status: 202 };
  };
}
