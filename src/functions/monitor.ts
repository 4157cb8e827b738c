import type { InvocationContext } from '@azure/functions';
import { createApp } from '../app.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Start } from '../monitor/ports/run.ts';
import { readConfig } from '../settings/config.ts';

/** The monitor of this process, built by the first invocation that needs it. */
export const monitor: () => Monitor = once(() => createApp(readConfig()));

/** Starts a run that writes its log to the invocation that it belongs to. */
export function toStart(context: InvocationContext): Start {
  return {
    log: {
      info: (message) => context.info(message),
      warn: (message) => context.warn(message),
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
