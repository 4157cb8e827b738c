import { createHash, timingSafeEqual } from 'node:crypto';
import type { LoopbackRequest } from './loopback-server.ts';
import type { AuthLevel } from './registered-function.ts';

/** The keys of a functions host. */
export interface AccessKeys {
  functionKey: string;
  masterKey: string;
}

/** Whether a request carries a key that its level asks for, in `x-functions-key` or else in `code`, written in any capitals. */
export function isAllowed(request: LoopbackRequest, level: AuthLevel, keys: AccessKeys): boolean {
  if (level === 'anonymous') {
    return true;
  }
  const header = request.headers['x-functions-key'];
  const presented = typeof header === 'string' ? header : readCode(request.url);
  if (!presented) {
    return false;
  }
  const isMaster = isSame(presented, keys.masterKey);
  return isMaster || (level === 'function' && isSame(presented, keys.functionKey));
}

/** The real host takes the parameter's name in any capitals. */
function readCode({ searchParams }: URL): string | undefined {
  return [...searchParams].find(([name]) => name.toLowerCase() === 'code')?.[1];
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(sha256(left), sha256(right));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
