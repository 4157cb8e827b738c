import pMap from 'p-map';
import type { KeyHolder } from '../domain/key-holder.ts';
import { type CloudName, holderSuffixes, type KeyIdentifier, toHost } from '../domain/key-identifier.ts';
import type { Reading } from '../domain/reading.ts';
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts';
import type {
  Answer,
  AzureReader,
  DeletedHolderLocation,
  FindingStore,
  HolderKind,
  HolderLocation,
  Run,
} from './ports.ts';

/** Follows a key to the vault or Managed HSM that holds it. */
export interface KeyHolderFinder {
  /** `near` is the subscription of the registry: where the key holder is most often, and where names are asked for. */
  find(key: KeyIdentifier, near: string): Promise<KeyHolder>;
}

/** What the finder works with; it belongs to one run and reads each key holder once. */
export interface KeyHolderFinderDeps {
  azure: AzureReader;
  store: FindingStore;
  cloud: CloudName;
  run: Run;
  /** Remembers, beyond the run, for which hosts a search of the whole tenant found nothing. */
  fruitless: FruitlessSearches;
  /** Key holder that an event named. */
  named?: ResourceId;
}

/** Hosts that were searched for in the whole tenant in vain, for a short while: repeated events must not repeat the search. */
export interface FruitlessSearches {
  has(host: string): boolean;
  add(host: string): void;
  forget(holderName: string): void;
}

/** Where a key holder was last seen. */
interface LastSeen {
  id: ResourceId;
  location?: string;
}

/** How long a search in vain is remembered, in milliseconds. */
const fruitlessFor = 60_000;

/** Builds the memory of searches in vain. */
export function createFruitlessSearches(now: () => Date): FruitlessSearches {
  const until = new Map<string, number>();
  return {
    has: (host) => (until.get(host) ?? 0) > now().getTime(),
    add(host) {
      for (const [old, end] of until) if (end <= now().getTime()) until.delete(old);
      until.set(host, now().getTime() + fruitlessFor);
    },
    forget(holderName) {
      const prefix = `${holderName.toLowerCase()}.`;
      for (const host of until.keys()) if (host.startsWith(prefix)) until.delete(host);
    },
  };
}

/**
 * Builds a finder for one run. It looks where the key holder was last seen, among what is soft-deleted there, in the
 * registry's own subscription, asks whether the name is free, and only then searches all subscriptions.
 */
export function createKeyHolderFinder(deps: KeyHolderFinderDeps): KeyHolderFinder {
  const { azure, store, cloud, run, fruitless, named } = deps;
  const found = new Map<string, Promise<KeyHolder>>();
  const lists = new Map<string, Promise<Answer<HolderLocation[]>>>();
  const deletedLists = new Map<string, Promise<Answer<DeletedHolderLocation[]>>>();
  let subscriptions: Promise<string[]> | undefined;

  return {
    find: (key, near) => memoise(found, key.host, () => createSearch(key, near).run()),
  };

  function allSubscriptions(): Promise<string[]> {
    subscriptions ??= azure
      .listSubscriptions(run)
      .then((all) => all.map(({ subscriptionId }) => subscriptionId));
    return subscriptions;
  }

  function createSearch(key: KeyIdentifier, near: string) {
    const { host, holderName, holderKind } = key;
    const kinds: HolderKind[] = holderKind === 'unknown' ? ['vault', 'managedHsm'] : [holderKind];
    const readings: Reading[] = [];
    return { run: search };

    async function search(): Promise<KeyHolder> {
      const lastSeen = await locate();
      return (
        (lastSeen && (await readAt(lastSeen.id))) ??
        (lastSeen && (await readDeletedAt(lastSeen))) ??
        (await searchLive([near])) ??
        (await askName()) ??
        (await searchTenant()) ??
        ({ state: 'unreadable', reason: 'key_holder_not_visible', readings } as const)
      );
    }

    async function locate(): Promise<LastSeen | undefined> {
      const links = await store.listLinks(`${host}|`);
      const link = links.find(({ holderId }) => holderId) ?? links[0];
      const id = named && isNamed(named, key) ? named : parseResourceId(link?.holderId ?? '');
      if (!id) return undefined;
      return { id, ...(link?.holderLocation ? { location: link.holderLocation } : {}) };
    }

    async function readAt(id: ResourceId): Promise<KeyHolder | undefined> {
      const answer = await azure.readKeyHolder(id, run);
      readings.push(answer.reading);
      switch (answer.state) {
        case 'found':
          return { ...answer.value, readings };
        case 'forbidden':
          return { state: 'unreadable', reason: 'key_holder_unreadable', id: id.id, readings };
        case 'gone':
        case 'subscriptionLost':
          return undefined;
      }
    }

    async function readDeletedAt({ id, location }: LastSeen): Promise<KeyHolder | undefined> {
      const { kind, name, subscriptionId } = id;
      if (!location || kind === 'registry') return undefined;
      return readDeleted({ kind, name, subscriptionId, location });
    }

    async function readDeleted(where: DeletedHolderLocation): Promise<KeyHolder | undefined> {
      const answer = await azure.readDeletedKeyHolder(where, run);
      readings.push(answer.reading);
      return answer.state === 'found' ? { ...answer.value, readings } : undefined;
    }

    async function searchLive(where: readonly string[]): Promise<KeyHolder | undefined> {
      if (fruitless.has(host)) return undefined;
      for (const kind of kinds) {
        const match = await findIn(
          where,
          (subscription) =>
            memoise(lists, `${kind}|${subscription}`, () => azure.listKeyHolders(kind, subscription, run)),
          (location) => isHolder(location, key, cloud),
        );
        const holder = match && (await readAt(match.id));
        if (holder) return holder;
      }
      return undefined;
    }

    async function searchDeleted(where: readonly string[]): Promise<KeyHolder | undefined> {
      for (const kind of kinds) {
        const match = await findIn(
          where,
          (subscription) =>
            memoise(deletedLists, `${kind}|${subscription}`, () =>
              azure.listDeletedKeyHolders(kind, subscription, run),
            ),
          ({ name }) => toOwnHost(kind, name, cloud) === host,
        );
        const holder = match && (await readDeleted(match));
        if (holder) return holder;
      }
      return undefined;
    }

    async function searchTenant(): Promise<KeyHolder | undefined> {
      if (fruitless.has(host)) return undefined;
      const all = await allSubscriptions();
      const holder = (await searchLive(all)) ?? (await searchDeleted(all));
      if (!holder) fruitless.add(host);
      return holder;
    }

    /** A free name is that of no key holder anywhere in this cloud; a host of another cloud can't be asked for here. */
    async function askName(): Promise<KeyHolder | undefined> {
      if (!holderName || holderKind === 'unknown' || key.cloud !== cloud) return undefined;
      const answer = await azure.isNameFree(holderKind, holderName, near, run);
      readings.push(answer.reading);
      if (answer.state === 'found') return answer.value ? { state: 'absent', readings } : undefined;
      return { state: 'unreadable', reason: 'key_holder_unreadable', readings };
    }

    /** A list that failed leaves it open whether the key holder is in there; one that we may not read keeps it out of our sight. */
    async function findIn<T>(
      where: readonly string[],
      list: (subscription: string) => Promise<Answer<T[]>>,
      isMatch: (item: T) => boolean,
    ): Promise<T | undefined> {
      const results = await pMap(where, (subscription) => settle(list(subscription)), {
        concurrency: searchConcurrency,
      });
      const match = results.flatMap((result) => (result.state === 'found' ? result.value : [])).find(isMatch);
      if (match) return match;
      for (const result of results) if (result.state === 'failed') throw result.error;
      return undefined;
    }
  }
}

function settle<T>(answer: Promise<Answer<T>>): Promise<Answer<T> | { state: 'failed'; error: unknown }> {
  return answer.catch((error: unknown) => ({ state: 'failed', error }));
}

/** How many subscriptions are searched at once. */
const searchConcurrency = 8;

function isNamed(id: ResourceId, { holderName, holderKind }: KeyIdentifier): boolean {
  return id.kind === holderKind && id.name.toLowerCase() === holderName;
}

/** Whether a listed key holder is the one of a key: by its own URI, or by name and cloud suffix where it tells none. */
function isHolder({ id, uri }: HolderLocation, { host }: KeyIdentifier, cloud: CloudName): boolean {
  if (id.kind === 'registry') return false;
  return (toHost(uri) ?? toOwnHost(id.kind, id.name, cloud)) === host;
}

function toOwnHost(kind: HolderKind, name: string, cloud: CloudName): string {
  return `${name}.${holderSuffixes[cloud][kind]}`.toLowerCase();
}

function memoise<T>(memo: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = memo.get(key);
  if (known) return known;
  const made = make();
  memo.set(key, made);
  return made;
}
