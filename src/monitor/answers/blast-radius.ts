import pMap from 'p-map';
import type { KeyHolder } from '../../domain/estate/key-holder.ts';
import { type KeyIdentifier, parseKeyIdentifier } from '../../domain/estate/key-identifier.ts';
import { parseRegistryId, parseResourceId } from '../../domain/estate/resource-id.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { FindingStore, Link, Run } from '../ports/ports.ts';
import type { CreateKeyHolderFinder, KeyHolderFinder } from '../posture/find-key-holder.ts';

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

/** How many registries are read at once. */
const concurrency = 16;

/**
 * Builds what tells which registries hang on a vault, Managed HSM or key, by its name, resource id, host or key
 * identifier. One answer for each host that fits: a vault and a Managed HSM may have one name. Empty where no known
 * registry hangs on it.
 */
export function createReadBlastRadius(
  { store: { findings }, now }: Pick<Ports, 'store' | 'now'>,
  createFinder: CreateKeyHolderFinder,
): (reference: string, run: Run) => Promise<BlastRadius[]> {
  return async (reference, run) => {
    const finder = createFinder(run);
    const key = parseKeyIdentifier(reference);
    const keyName = key?.keyName ?? /\/keys\/([^/]+)/i.exec(parseResourceId(reference) ? reference : '')?.[1];
    const links = await findLinks(findings, reference, key);
    const byHost = [...Map.groupBy(links, ({ holderHost }) => holderHost)];
    const found = await Promise.all(
      byHost.map(async ([host, of]): Promise<BlastRadius> => {
        const registries = await readRegistries(findings, of, keyName);
        const holder = await findHolder(finder, host, registries[0]);
        const keyHolderId = holder.state === 'absent' ? undefined : holder.id;
        return {
          keyHolder: host,
          ...(keyHolderId ? { keyHolderId } : {}),
          ...(keyName ? { key: keyName } : {}),
          state: holder.state,
          registries,
          recovery: toRecovery(holder, now()),
        };
      }),
    );
    return found.filter(({ registries }) => registries.length > 0);
  };
}

function findLinks(store: FindingStore, reference: string, key: KeyIdentifier | undefined): Promise<Link[]> {
  if (key) return store.listLinks(`${key.host}|`);
  const id = parseResourceId(reference);
  if (id) return store.listLinksTo(id.id);
  return store.listLinks(
    reference.includes('.') ? `${reference.toLowerCase()}|` : `${reference.toLowerCase()}.`,
  );
}

async function readRegistries(
  store: FindingStore,
  links: readonly Link[],
  keyName: string | undefined,
): Promise<DarkRegistry[]> {
  const known = await pMap(links, ({ registryId }) => readKeyUri(store, registryId), { concurrency });
  return known.flat().filter(({ keyUri }) => !keyName || isOfKey(keyUri, keyName));
}

async function findHolder(
  finder: KeyHolderFinder,
  host: string,
  first: DarkRegistry | undefined,
): Promise<KeyHolder> {
  const key = parseKeyIdentifier(first?.keyUri) ?? parseKeyIdentifier(`https://${host}/`);
  const near = parseRegistryId(first?.registryId ?? '')?.subscriptionId;
  return key && near
    ? finder.find(key, near)
    : { state: 'unreadable', reason: 'key_holder_not_visible', readings: [] };
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
