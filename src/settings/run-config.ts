import { type Config, readConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

/** Settings of sinks alone: a fault in one switches its sink off, and nothing else. */
const sinkSettings = ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET', 'ALERT_MIN_SEVERITY'];

/** Settings as a monitor runs on them, and what is wrong with those of sinks that are therefore off. */
export interface RunConfig {
  config: Config;
  sinkFaults: readonly string[];
}

/** Reads settings for a monitor that has to go on; throws {@link ConfigError} for faults of other settings than a sink's. */
export function readRunConfig(env: NodeJS.ProcessEnv = process.env): RunConfig {
  try {
    return { config: readConfig(env), sinkFaults: [] };
  } catch (error) {
    if (!(error instanceof ConfigError) || !error.faults.every(isOfSink)) throw error;
    const others = Object.entries(env).filter(([name]) => !sinkSettings.includes(name));
    return { config: readConfig(Object.fromEntries(others)), sinkFaults: error.faults };
  }
}

/** A fault begins with the name of its setting. */
function isOfSink(fault: string): boolean {
  return sinkSettings.includes(toSettingName(fault));
}

/** The setting that a fault of {@link ConfigError} is about. */
export function toSettingName(fault: string): string {
  return fault.split(' ', 1)[0] ?? '';
}
