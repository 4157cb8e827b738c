import { parseRegistryId, type ResourceId } from '../domain/estate/resource-id.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Start } from '../monitor/ports/run.ts';
import { UsageError } from './exit.ts';
import { toNearest } from './nearest.ts';
import { note } from './output.ts';
import { readAll } from './read-all.ts';

/** Results go to standard output, all else to standard error. */
export const start: Start = {
  log: { info: note, warn: (message) => note(`warning: ${message}`) },
};

/** Builds the monitor from the settings of this process; what it needs of Azure's SDKs is loaded by then. */
export async function openMonitor(): Promise<Monitor> {
  const [{ createApp }, { readConfig }] = await Promise.all([
    import('../app.ts'),
    import('../settings/config.ts'),
  ]);
  return createApp(readConfig());
}

/** Finds the registry of a resource id, or of the name of one that was assessed before. */
export async function toRegistryId({ queries }: Monitor, idOrName: string): Promise<ResourceId> {
  const id = parseRegistryId(idOrName);
  if (id) return id;
  if (idOrName.includes('/')) throw new UsageError(`"${idOrName}" is not the resource id of a registry`);
  const known = await readKnownRegistries({ queries });
  const [found, ...others] = known.filter(({ name }) => name.toLowerCase() === idOrName.toLowerCase());
  if (!found) throw new UsageError(toUnknownText(idOrName, known));
  if (others.length > 0) {
    const ids = [found, ...others].map((one) => one.id);
    throw new UsageError(
      `Several registries are named "${idOrName}"; give the resource id:\n${ids.join('\n')}`,
    );
  }
  return found;
}

/** That no registry of a name is known, and which is meant perhaps. */
export function toUnknownText(name: string, known: readonly ResourceId[]): string {
  if (known.length === 0) {
    return `No registry was ever assessed, so "${name}" is not known; run "acr-cmk sweep" first, or give its resource id`;
  }
  const nearest = toNearest(
    name,
    known.map((one) => one.name),
  );
  const meant = nearest ? ` Did you mean ${nearest}?` : '';
  return `No registry named "${name}" was ever assessed; give its resource id.${meant}`;
}

/** Ids of all registries that were ever assessed. */
export async function readKnownRegistries({ queries }: Pick<Monitor, 'queries'>): Promise<ResourceId[]> {
  const registries = await readAll((page) => queries.registries({}, page));
  return registries.flatMap(({ registryId }) => parseRegistryId(registryId) ?? []);
}
