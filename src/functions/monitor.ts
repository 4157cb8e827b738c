import type { InvocationContext } from '@azure/functions';
import { type App, createApp } from '../app.ts';
import type { Log } from '../monitor/ports/ports.ts';
import { readConfig } from '../settings/config.ts';

/** The monitor of this process, built by the first invocation that needs it. */
export const monitor: () => App = once(() => createApp(readConfig()));

/** Writes a run's log to the invocation that it belongs to. */
export function toLog(context: InvocationContext): Log {
  return {
    info: (message) => context.info(message),
    warn: (message) => context.warn(message),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
