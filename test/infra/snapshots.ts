import { readdirSync, readFileSync } from 'node:fs';

/** A resource as Bicep says that it would be deployed; what only Azure knows is still an expression. */
export interface Resource {
  id: string;
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are Azure's, and as many as there are types.
  properties: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  [key: string]: any;
}

const folder = 'infra/snapshots';

/** Names of all snapshots. */
export const scenarios = readdirSync(folder)
  .filter((file) => file.endsWith('.snapshot.json'))
  .map((file) => file.replace('.snapshot.json', ''));

/** The resources of a snapshot. */
export function readSnapshot(scenario: string): Resource[] {
  return JSON.parse(readFileSync(`${folder}/${scenario}.snapshot.json`, 'utf8')).predictedResources;
}

/** The resources of a type, in one snapshot. */
export function ofType(scenario: string, type: string): Resource[] {
  return readSnapshot(scenario).filter((resource) => resource.type === type);
}

/** What an extension resource belongs to, and its own name there. */
export function scopeOf({ id, type }: Resource): string {
  // One whose name only Azure can tell is still an expression.
  const [, scope] = /^\[extensionResourceId\('([^']+)'/.exec(id) ?? [];
  return scope ?? id.slice(0, id.indexOf(`/providers/${type}/`));
}

/** Short names for what is long: the same in all snapshots, as they are made for the same environment. */
export function shorten(text: string): string {
  return text
    .replaceAll('00000000-0000-0000-0000-000000000001', 'HOME')
    .replaceAll(/\/subscriptions\/HOME\/resourceGroups\/rg-acr-cmk-monitor/gi, 'MONITOR')
    .replaceAll('a3rzxkh62xa2q', '*');
}

/** Whose object id a role is assigned to. */
export function principalOf({ properties }: Resource): string {
  const [, id = properties.principalId] = /reference\('([^']+)'/.exec(properties.principalId) ?? [];
  return shorten(id.split('/').at(-1) ?? '');
}
