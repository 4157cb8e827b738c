import pMap from 'p-map';
import type { KeyHolder } from '../domain/key-holder.ts';
import { type CloudName, type KeyIdentifier, toHolderHost, toHost } from '../domain/key-identifier.ts';
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
}

/** How a finder looks. */
export interface FinderOptions {
  /** Where the key holder of a key is, as somebody else has just seen it. */
  known?(key: KeyIdentifier): LastSeen | undefined;
  /** Whether all subscriptions are searched for what is neither found nor free (true). */
  isTenantSearched?: boolean;
}

/** Builds a finder for one run. */
export type CreateFinder = (run: Run, options?: FinderOptions) => KeyHolderFinder;

/** Hosts that were searched for in the whole tenant in vain, for a short while: repeated events must not repeat the search. */
export interface FruitlessSearches {
  has(host: string): boolean;
  add(host: string): void;
  forget(holderName: string): void;
}

/** Where a key holder was last seen. */
interface LastSeen {
  id: string;
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
export function createKeyHolderFinder(
  deps: KeyHolderFinderDeps,
  { known = () => undefined, isTenantSearched = true }: FinderOptions = {},
): KeyHolderFinder {
  const { azure, store, cloud, run, fruitless } = deps;
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
    let reason: 'key_holder_not_visible' | 'key_holder_unreadable' = 'key_holder_not_visible';
    return { run: search };

    async function search(): Promise<KeyHolder> {
      const places = await locate();
      return (
        (await firstOf(places, ({ at }) => readAt(at))) ??
        (await firstOf(places, readDeletedAt)) ??
        // What was seen before has moved or is gone: its name tells in one call.
        (places.length === 0 ? await searchLive([near]) : undefined) ??
        (await askName()) ??
        (await searchTenant()) ?? { state: 'unreadable', reason, readings }
      );
    }

    /** Where somebody has just seen it, and where whoever hangs on it saw it last: after a move they may not agree. */
    async function locate(): Promise<Place[]> {
      // In another cloud than this one a key holder of the same name is another one.
      const told = key.cloud === undefined || key.cloud === cloud ? known(key) : undefined;
      const links = told?.location ? [] : await store.listLinks(`${host}|`);
      const location = told?.location ?? links.find(({ holderLocation }) => holderLocation)?.holderLocation;
      const seen = links.map(({ holderId, holderLocation }) => toPlace(holderId, holderLocation));
      const places = [toPlace(told?.id, location), ...seen].flatMap((place) => place ?? []);
      const byId = Map.groupBy(places, ({ at }) => at.id.toLowerCase());
      return [...byId.values()].flatMap(([first]) => first ?? []);
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

    async function readDeletedAt({ at, location }: Place): Promise<KeyHolder | undefined> {
      const { kind, name, subscriptionId } = at;
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
          ({ name }) => toHolderHost(kind, name, cloud) === host,
        );
        const holder = match && (await readDeleted(match));
        if (holder) return holder;
      }
      return undefined;
    }

    async function searchTenant(): Promise<KeyHolder | undefined> {
      if (!isTenantSearched || fruitless.has(host)) return undefined;
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
      reason = 'key_holder_unreadable';
      return undefined;
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

interface Place {
  at: ResourceId;
  location: string | undefined;
}

function toPlace(id: string | undefined, location: string | undefined): Place | undefined {
  const at = parseResourceId(id ?? '');
  return at && { at, location };
}

async function firstOf<T, R>(
  items: readonly T[],
  read: (item: T) => Promise<R | undefined>,
): Promise<R | undefined> {
  for (const item of items) {
    const result = await read(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function settle<T>(answer: Promise<Answer<T>>): Promise<Answer<T> | { state: 'failed'; error: unknown }> {
  return answer.catch((error: unknown) => ({ state: 'failed', error }));
}

/** How many subscriptions are searched at once. */
const searchConcurrency = 8;

/** Whether a listed key holder is the one of a key: by its own URI, or by name and cloud suffix where it tells none. */
function isHolder({ id, uri }: HolderLocation, { host }: KeyIdentifier, cloud: CloudName): boolean {
  if (id.kind === 'registry') return false;
  return (toHost(uri) ?? toHolderHost(id.kind, id.name, cloud)) === host;
}

function memoise<T>(memo: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = memo.get(key);
  if (known) return known;
  const made = make();
  memo.set(key, made);
  return made;
}
