import { createApp } from '../app.ts';
import { parseRegistryId, type ResourceId } from '../domain/estate/resource-id.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Start } from '../monitor/ports/run.ts';
import { readConfig } from '../settings/config.ts';
import { UsageError } from './exit.ts';

/** Results go to standard output, all else to standard error. */
export const start: Start = {
  log: {
    info: (message) => console.error(message),
    warn: (message) => console.error(`warning: ${message}`),
  },
};

/** Builds the monitor from the settings of this process. */
export function openMonitor(): Monitor {
  return createApp(readConfig());
}

/** Prints what `--json` asks for. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** Finds the registry of a resource id, or of the name of one that was assessed before. */
export async function toRegistryId({ queries }: Monitor, idOrName: string): Promise<ResourceId> {
  const id = parseRegistryId(idOrName);
  if (id) return id;
  if (idOrName.includes('/')) throw new UsageError(`"${idOrName}" is not the resource id of a registry`);
  const [found, ...others] = await queries.registriesNamed(idOrName);
  if (!found) throw new UsageError(`No registry named "${idOrName}" was ever assessed; give its resource id`);
  if (others.length > 0) {
    throw new UsageError(
      `Several registries are named "${idOrName}"; give the resource id:\n${[found, ...others].join('\n')}`,
    );
  }
  return parseRegistryId(found) as ResourceId;
}
