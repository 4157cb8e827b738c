import { readConfig } from '../src/settings/config.ts';
import { ConfigError } from '../src/settings/config-error.ts';

/** The only settings that have no default. */
export const storage = { FindingsStorage: 'UseDevelopmentStorage=true' };

/** What is wrong with settings, one text a fault. */
export function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

/** Names of the settings that are faulty. */
export function namesOf(env: Record<string, string>) {
  return faultsOf(env).map((fault) => fault.split(' ')[0]);
}
