import type { ResourceId } from '../../domain/estate/resource-id.ts';

/** How often something starts again because an assessment of the registry was faster. */
const maxRaces = 10;

/** Does some work on a registry until its commit is in no other's way; the work answers undefined when it lost its race. */
export async function winRace<T>(
  { id }: ResourceId,
  tryOnce: (races: number) => Promise<T | undefined>,
): Promise<T> {
  for (let races = 0; races < maxRaces; races += 1) {
    const result = await tryOnce(races);
    if (result !== undefined) return result;
  }
  throw new Error(`${id} was assessed by others ${maxRaces} times meanwhile`);
}
