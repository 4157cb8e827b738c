import type { InvocationContext } from '@azure/functions';
import { createApp } from '../app.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Start } from '../monitor/ports/run.ts';
import { ConfigError } from '../settings/config-error.ts';
import { readRunConfig } from '../settings/run-config.ts';

/** The monitor of this process, built by the first invocation that needs it. */
export const monitor = once((): Monitor => {
  const { config, sinkFaults } = settings();
  return createApp(config, sinkFaults);
});

const settings = once(readRunConfig);

/**
 * Says at the start of the app what is wrong with its settings, a line each: outside an invocation only standard error
 * reaches the log, as an error where the line says so. Nothing is thrown, or the host would drop all functions.
 */
export function reportSettings(): void {
  try {
    for (const fault of readRunConfig().sinkFaults)
      console.error(`Settings error, alerts are switched off: ${fault}`);
  } catch (error) {
    const faults = error instanceof ConfigError ? error.faults : [String(error)];
    for (const fault of faults) console.error(`Settings error: ${fault}`);
  }
}

/** Ends what runs, as far as the host's patience goes: five seconds after it says that it ends. */
export async function endMonitor(): Promise<void> {
  if (monitor.isMade()) await monitor().end(4_000);
}

/** Starts a run that writes its log to the invocation that it belongs to; each says which sinks are off. */
export function toStart(context: InvocationContext): Start {
  for (const fault of settings().sinkFaults) context.error(`Alerts are switched off: ${fault}`);
  return {
    log: {
      info: (message) => context.info(message),
      warn: (message) => context.warn(message),
    },
  };
}

function once<T>(make: () => T): (() => T) & { isMade(): boolean } {
  let made: { value: T } | undefined;
  const get = () => {
    made ??= { value: make() };
    return made.value;
  };
  return Object.assign(get, { isMade: () => made !== undefined });
}
