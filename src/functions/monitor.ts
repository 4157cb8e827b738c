import type { InvocationContext } from '@azure/functions';
import { createApp } from '../app.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Start } from '../monitor/ports/run.ts';
import { readConfig } from '../settings/config.ts';
import { ConfigError } from '../settings/config-error.ts';

/** The monitor of this process, built by the first invocation that needs it. */
export const monitor: () => Monitor = once(() => createApp(readConfig()));

/**
 * Says at the start of the app what is wrong with its settings, a line each: outside an invocation only standard error
 * reaches the log, as an error where the line says so. Nothing is thrown, or the host would drop all functions.
 */
export function reportSettings(): void {
  try {
    readConfig();
  } catch (error) {
    const faults = error instanceof ConfigError ? error.faults : [String(error)];
    for (const fault of faults) console.error(`Settings error: ${fault}`);
  }
}

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
