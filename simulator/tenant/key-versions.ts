import { toArmKey } from './arm-key.ts';
import type { ArmBody } from './tenant-contents.ts';

/** A key as lists show it: without its type, operations and size. */
export function toListedKey(body: ArmBody): ArmBody {
  const { attributes, keyUri, keyUriWithVersion } = body.properties ?? {};
  const isVersion = /\/versions\/[^/]+$/i.test(body.id);
  return { ...body, properties: { attributes, keyUri, ...(isVersion ? { keyUriWithVersion } : {}) } };
}

/** The versions of a key in order of their keys: those that are known apart, and the one that the key itself shows. */
export function toKeyVersions(key: ArmBody, known: [string, ArmBody][]): [string, ArmBody][] {
  const newest = toNewestVersion(key);
  if (!newest || known.some(([id]) => id === newest[0])) return known;
  return [...known, newest].sort(([a], [b]) => (a < b ? -1 : 1));
}

function toNewestVersion(key: ArmBody): [string, ArmBody] | undefined {
  const uri = key.properties?.keyUriWithVersion;
  const name = typeof uri === 'string' ? uri.split('/').filter(Boolean).at(-1) : undefined;
  if (!name) return undefined;
  const id = `${key.id}/versions/${name}`;
  return [toArmKey(id), { ...key, id, name, ...(key.type ? { type: `${key.type}/versions` } : {}) }];
}
