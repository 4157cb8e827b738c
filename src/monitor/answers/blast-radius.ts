import pMap from 'p-map';
import type { KeyHolder } from '../../domain/estate/key-holder.ts';
import { type KeyIdentifier, parseKeyIdentifier } from '../../domain/estate/key-identifier.ts';
import { parseRegistryId, parseResourceId } from '../../domain/estate/resource-id.ts';
import type { FindingStore, Link } from '../ports/ports.ts';
import type { KeyHolderFinder } from '../posture/find-key-holder.ts';

/** A registry that loses its images. */
interface DarkRegistry {
  registryId: string;
  keyUri: string;
}

/** Whether what is deleted could be brought back. */
interface Recovery {
  isRecoverable: 'yes' | 'no' | 'unknown';
  /** Until when, ISO 8601, UTC: counted from now for what is there, as Azure tells it for what is deleted. */
  until?: string;
  /** Whether somebody could purge it before that: then it is gone for good. */
  isPurgeable: 'yes' | 'no' | 'unknown';
}

/** What goes dark when a key holder or a key is disabled or deleted. */
export interface BlastRadius {
  /** Host of the key holder. */
  keyHolder: string;
  keyHolderId?: string;
  /** Name of the key; absent when all keys of the key holder are meant. */
  key?: string;
  state: KeyHolder['state'];
  registries: DarkRegistry[];
  recovery: Recovery;
}

/** What telling it needs. */
export interface BlastRadiusDeps {
  store: FindingStore;
  finder: KeyHolderFinder;
  now(): Date;
}

/** How many registries are read at once. */
const concurrency = 16;

/**
 * Tells which registries hang on a vault, Managed HSM or key, by its name, resource id, host or key identifier.
 * One answer for each host that fits: a vault and a Managed HSM may have one name. Empty where no known registry hangs on it.
 */
export async function readBlastRadius(deps: BlastRadiusDeps, reference: string): Promise<BlastRadius[]> {
  const key = parseKeyIdentifier(reference);
  const keyName = key?.keyName ?? /\/keys\/([^/]+)/i.exec(parseResourceId(reference) ? reference : '')?.[1];
  const links = await findLinks(deps, reference, key);
  const byHost = Map.groupBy(links, ({ holderHost }) => holderHost);
  const found = await Promise.all(
    [...byHost].map(([host, of]) => toBlastRadius(deps, { host, of, keyName })),
  );
  return found.filter(({ registries }) => registries.length > 0);
}

function findLinks(
  { store }: BlastRadiusDeps,
  reference: string,
  key: KeyIdentifier | undefined,
): Promise<Link[]> {
  if (key) return store.listLinks(`${key.host}|`);
  const id = parseResourceId(reference);
  if (id) return store.listLinksTo(id.id);
  return store.listLinks(
    reference.includes('.') ? `${reference.toLowerCase()}|` : `${reference.toLowerCase()}.`,
  );
}

async function toBlastRadius(
  { store, finder, now }: BlastRadiusDeps,
  { host, of, keyName }: { host: string; of: readonly Link[]; keyName: string | undefined },
): Promise<BlastRadius> {
  const known = await pMap(of, ({ registryId }) => readKeyUri(store, registryId), { concurrency });
  const registries = known.flat().filter(({ keyUri }) => !keyName || isOfKey(keyUri, keyName));
  const key = parseKeyIdentifier(registries[0]?.keyUri) ?? parseKeyIdentifier(`https://${host}/`);
  const near = parseRegistryId(registries[0]?.registryId ?? '')?.subscriptionId;
  const holder: KeyHolder =
    key && near
      ? await finder.find(key, near)
      : { state: 'unreadable', reason: 'key_holder_not_visible', readings: [] };
  const keyHolderId = holder.state === 'absent' ? undefined : holder.id;
  return {
    keyHolder: host,
    ...(keyHolderId ? { keyHolderId } : {}),
    ...(keyName ? { key: keyName } : {}),
    state: holder.state,
    registries,
    recovery: toRecovery(holder, now()),
  };
}

async function readKeyUri(store: FindingStore, registryId: string): Promise<DarkRegistry[]> {
  const id = parseRegistryId(registryId);
  const stored = id && (await store.readRegistry(id));
  return stored?.state === 'present' && stored.keyUri
    ? [{ registryId: stored.registryId, keyUri: stored.keyUri }]
    : [];
}

function isOfKey(keyUri: string, keyName: string): boolean {
  return parseKeyIdentifier(keyUri)?.keyName?.toLowerCase() === keyName.toLowerCase();
}

function toRecovery(holder: KeyHolder, now: Date): Recovery {
  switch (holder.state) {
    case 'absent':
      return { isRecoverable: 'no', isPurgeable: 'no' };
    case 'unreadable':
      return { isRecoverable: 'unknown', isPurgeable: 'unknown' };
    case 'deleted':
      return {
        isRecoverable: 'yes',
        ...(holder.scheduledPurgeAt ? { until: holder.scheduledPurgeAt } : {}),
        isPurgeable: holder.purgeProtection === true ? 'no' : 'yes',
      };
    case 'found': {
      const { kind, softDelete, purgeProtection, retentionDays = 90 } = holder;
      if (kind === 'vault' && softDelete === false) return { isRecoverable: 'no', isPurgeable: 'yes' };
      const days = typeof retentionDays === 'number' ? retentionDays : undefined;
      return {
        isRecoverable: 'yes',
        ...(days === undefined ? {} : { until: new Date(now.getTime() + days * 86_400_000).toISOString() }),
        isPurgeable: purgeProtection === true ? 'no' : 'yes',
      };
    }
  }
}
