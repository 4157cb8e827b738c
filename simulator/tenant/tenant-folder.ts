import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toArmKey, toScopeKeys } from './arm-key.ts';
import { isObject, judgeBody, type RecordedBody } from './recorded-body.ts';
import { subscriptionBody } from './subscription-body.ts';
import type { ArmBody, ManagementGroup, TenantContents } from './tenant-contents.ts';

/** A file that holds nothing, or something more, that can't be served. */
export interface SkippedFile {
  file: string;
  reason: string;
}

const unknownTenant = '00000000-0000-0000-0000-000000000000';

/**
 * Loads a tenant from a folder of JSON files, each one ARM body or list; where bodies share an id, the last one in
 * order of the files' names wins. Throws only where the folder itself can't be read.
 */
export function loadTenantFolder(dir: string): { contents: TenantContents; skipped: SkippedFile[] } {
  const judged = readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => ({ file: entry.name, bodies: readBodies(dir, entry) }));
  const bodies = judged.flatMap((file) => file.bodies);
  return {
    contents: toContents(bodies),
    skipped: judged.flatMap((file) => toSkipped(file.file, file.bodies)),
  };
}

function readBodies(dir: string, entry: Dirent): RecordedBody[] {
  if (!entry.isFile() && !entry.isSymbolicLink()) return [{ kind: 'skipped', reason: 'no file' }];
  if (!entry.name.toLowerCase().endsWith('.json')) return [{ kind: 'skipped', reason: 'no JSON file' }];
  try {
    const text = readFileSync(join(dir, entry.name), 'utf8');
    const bodies = toBodies(JSON.parse(text.replace(/^\uFEFF/, '')));
    return bodies.length > 0 ? bodies.map(judgeBody) : [{ kind: 'skipped', reason: 'an empty list' }];
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return [
      { kind: 'skipped', reason: error instanceof SyntaxError ? 'no valid JSON' : `unreadable (${code})` },
    ];
  }
}

function toBodies(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) && Array.isArray(value.value) ? value.value : [value];
}

function toContents(bodies: RecordedBody[]): TenantContents {
  const resources = lastById(bodies.flatMap((body) => (body.kind === 'resource' ? [body.body] : [])));
  const declared = lastById(bodies.flatMap((body) => (body.kind === 'subscription' ? [body.body] : [])));
  const tenantId =
    declared.map((body) => body.tenantId).find((id) => typeof id === 'string') ?? unknownTenant;
  const subscriptions = [
    ...declared.map((body) => ({ tenantId, ...body })),
    ...toUndeclared(resources, declared, tenantId),
  ];
  const unseenHolders = bodies.flatMap((body) =>
    body.kind === 'skipped' && body.holderId ? [body.holderId] : [],
  );
  const managementGroups = toManagementGroups(resources, subscriptions);
  return { tenantId, subscriptions, resources, unseenHolders, managementGroups };
}

/** Files don't tell how management groups nest: those that role assignments name are taken to lie above all subscriptions. */
function toManagementGroups(resources: ArmBody[], subscriptions: ArmBody[]): ManagementGroup[] {
  const named = resources.flatMap(
    ({ id }) => /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)/i.exec(id)?.[1] ?? [],
  );
  const names = [...new Map(named.map((name) => [name.toLowerCase(), name])).values()];
  const ids = subscriptions.map(({ id }) => id.slice('/subscriptions/'.length));
  return names.map((name, index) => {
    const parent = names[index - 1];
    return {
      name,
      displayName: name,
      ...(parent ? { parent } : {}),
      ...(index === names.length - 1 ? { subscriptions: ids } : {}),
    };
  });
}

/** In order of their last occurrence, so that what is put last wins over another life of the same vault, too. */
function lastById(bodies: ArmBody[]): ArmBody[] {
  const byId = new Map<string, ArmBody>();
  for (const body of bodies) {
    byId.delete(toArmKey(body.id));
    byId.set(toArmKey(body.id), body);
  }
  return [...byId.values()];
}

function toUndeclared(resources: ArmBody[], declared: ArmBody[], tenantId: string): ArmBody[] {
  const known = new Set(declared.map((body) => toArmKey(body.id)));
  const scopes = resources.map((body) => toScopeKeys(toArmKey(body.id)).subscription);
  // What lies above subscriptions, such as a role assignment of the tenant, needs none.
  const needed = new Set(scopes.filter(Boolean));
  return [...needed.difference(known)].map((id) =>
    subscriptionBody(id, `Subscription ${id.slice('/subscriptions/'.length)}`, tenantId),
  );
}

function toSkipped(file: string, bodies: RecordedBody[]): SkippedFile[] {
  const reasons = bodies.flatMap((body) => (body.kind === 'skipped' ? [body.reason] : []));
  if (reasons.length === 0) return [];
  const distinct = [...new Set(reasons)].join('; ');
  const isWhole = reasons.length === bodies.length;
  return [{ file, reason: isWhole ? distinct : `${reasons.length} of ${bodies.length} bodies: ${distinct}` }];
}
