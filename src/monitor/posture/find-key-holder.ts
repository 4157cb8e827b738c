import type { CloudName } from '../../domain/estate/cloud.ts';
import type { KeyHolder } from '../../domain/estate/key-holder.ts';
import {
  type HolderKind,
  type KeyIdentifier,
  toHolderHost,
  toHost,
} from '../../domain/estate/key-identifier.ts';
import type { DeletedHolderLocation, HolderLocation } from '../../domain/estate/places.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import { parseResourceId, type ResourceId } from '../../domain/estate/resource-id.ts';
import type { ArmAnswer } from '../ports/azure-ports.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Link, Run } from '../ports/ports.ts';
import { memoise } from './memoise.ts';
import { type SearchResult, searchLists } from './search-lists.ts';
import type { StrongReads } from './strong-reads.ts';

/** Follows a key to the vault or Managed HSM that holds it. */
export interface KeyHolderFinder {
  /** `home` is the subscription of the registry: where the key holder is most often, and where names are asked for. */
  find(key: KeyIdentifier, home: string): Promise<KeyHolder>;
}

/** Builds a finder for one run, which reads each key holder once. */
export type CreateKeyHolderFinder = (run: Run, options?: FinderOptions) => KeyHolderFinder;

/** How a finder looks. */
export interface FinderOptions {
  /** Where the key holder of a key is, as somebody else has just seen it. */
  lastSeen?(key: KeyIdentifier): LastSeen | undefined;
  /** Whether subscriptions are searched for what is neither found nor free: `once` (the default) not again within the hour. */
  search?: 'always' | 'once';
  /** Searches that are shared with other finders. */
  searches?: Searches;
  /** What key holders are read by (ARM, one by one). */
  strong?: Pick<StrongReads, 'readKeyHolder'>;
}

/** Where a key holder was last seen. */
interface LastSeen {
  id: string;
  location?: string;
}

/** What was searched in one run: the lists of each subscription are read once. */
export interface Searches {
  live: Map<string, Promise<ArmAnswer<HolderLocation[]>>>;
  deleted: Map<string, Promise<ArmAnswer<DeletedHolderLocation[]>>>;
}

/** Starts searches that several finders share. */
export function startSearches(): Searches {
  return { live: new Map(), deleted: new Map() };
}

/** For how long a search of all subscriptions that found nothing is not repeated for a single registry, in milliseconds. */
const searchedFor = 3_600_000;

/** Builds what builds finders in one cloud. */
export function createKeyHolderFinders(ports: FinderPorts, cloud: CloudName): CreateKeyHolderFinder {
  return (run, options) => createFinder(ports, { ...options, cloud, run });
}

type FinderPorts = Pick<Ports, 'azure' | 'inventory' | 'store' | 'now'>;

/**
 * It looks in all places where the key holder was seen and among what is soft-deleted there, asks whether its name is
 * free, and only then searches the registry's own subscription, Resource Graph, and all others.
 */
function createFinder(
  { azure, inventory, store: { findings }, now }: FinderPorts,
  {
    cloud,
    run,
    lastSeen = () => undefined,
    search: policy = 'once',
    searches: { live: lists, deleted: deletedLists } = startSearches(),
    strong = azure,
  }: FinderOptions & { cloud: CloudName; run: Run },
): KeyHolderFinder {
  const found = new Map<string, Promise<KeyHolder>>();
  let subscriptions: Promise<string[]> | undefined;

  return {
    find: (key, home) => memoise(found, key.host, () => createSearch(key, home).run()),
  };

  function allSubscriptions(): Promise<string[]> {
    subscriptions ??= azure
      .listSubscriptions(run)
      .then((all) => all.flatMap((listed) => ('item' in listed ? listed.item.subscriptionId : [])));
    return subscriptions;
  }

  function createSearch(key: KeyIdentifier, home: string) {
    const { host, holderName, holderKind } = key;
    const kinds: HolderKind[] = holderKind === 'unknown' ? ['vault', 'managedHsm'] : [holderKind];
    const readings: Reading[] = [];
    let reason: 'key_holder_not_visible' | 'key_holder_unreadable' = 'key_holder_not_visible';
    /** A place that is refused: the key holder is there, or was before it moved. */
    let refused: KeyHolder | undefined;
    return { run: search };

    async function search(): Promise<KeyHolder> {
      // In another cloud than this one a key holder of the same name is another one.
      const last = key.cloud === undefined || key.cloud === cloud ? lastSeen(key) : undefined;
      const links = last?.location ? [] : await findings.listLinks(`${host}|`);
      const places = locate(last, links);
      const near = (await readAmong(places)) ?? (await askName(places));
      if (near) return near;
      if (refused) return (await findInGraph()) ?? refused;
      return isSearched(links) ? searchAll() : { state: 'unreadable', reason, readings };
    }

    /** Where somebody has just seen it, and where whoever hangs on it saw it last: after a move they may not agree. */
    function locate(last: LastSeen | undefined, links: readonly Link[]): Place[] {
      const location = last?.location ?? links.find(({ holderLocation }) => holderLocation)?.holderLocation;
      const seen = links.map(({ holderId, holderLocation }) => toPlace(holderId, holderLocation));
      const places = [toPlace(last?.id, location), ...seen].flatMap((place) => place ?? []);
      const byId = Map.groupBy(places, ({ at }) => at.id.toLowerCase());
      return [...byId.values()].flatMap(([first]) => first ?? []);
    }

    /** All that is there, then what is soft-deleted: in a subscription out of sight neither can be seen. */
    async function readAmong(places: readonly Place[]): Promise<KeyHolder | undefined> {
      const inSight: Place[] = [];
      for (const place of places) {
        const read = await readAt(place.at);
        if (read === 'gone') inSight.push(place);
        if (typeof read !== 'object') continue;
        if (read.state !== 'unreadable') return read;
        refused ??= read;
      }
      return firstOf(inSight, readDeletedAt);
    }

    function isSearched(links: readonly Link[]): boolean {
      if (policy === 'always') return true;
      const recently = new Date(now().getTime() - searchedFor).toISOString();
      return !links.some(({ searchedAt }) => searchedAt && searchedAt > recently);
    }

    /**
     * The registry's own subscription first: key holders mostly lie there. A list that failed leaves it open whether the
     * key holder is in there, unless it is found elsewhere.
     */
    async function searchAll(): Promise<KeyHolder> {
      const nearby = await searchLive([home]);
      if (nearby.holder) return nearby.holder;
      // Whoever always searches reads all lists, once, and has asked the graph before.
      const shown = policy === 'once' ? await findInGraph() : undefined;
      if (shown) return shown;
      const all = await allSubscriptions();
      const live = await searchLive(all);
      if (live.holder) return live.holder;
      const deleted = await searchDeleted(all);
      if (deleted.holder) return deleted.holder;
      for (const failure of [...live.failures, ...deleted.failures]) {
        if (!isLasting(failure)) throw failure;
        reason = 'key_holder_unreadable';
      }
      return { state: 'unreadable', reason, readings, searchedAt: now().toISOString() };
    }

    /** What Resource Graph shows is read from ARM; what it does not show may be new, deleted or out of sight. */
    async function findInGraph(): Promise<KeyHolder | undefined> {
      const shown = await inventory?.findKeyHolder(key, run);
      const place = toPlace(shown?.id, shown?.location);
      return place && (await readListed(place.at));
    }

    async function readListed(id: ResourceId): Promise<KeyHolder | undefined> {
      const read = await readAt(id);
      return typeof read === 'object' ? read : undefined;
    }

    async function readAt(id: ResourceId): Promise<KeyHolder | 'gone' | 'subscriptionLost'> {
      const answer = await strong.readKeyHolder(id, run);
      readings.push(answer.reading);
      switch (answer.state) {
        case 'found':
          return { ...answer.value, readings };
        case 'forbidden':
          return { state: 'unreadable', reason: 'key_holder_unreadable', id: id.id, readings };
        case 'gone':
        case 'subscriptionLost':
          return answer.state;
      }
    }

    async function readDeletedAt({ at, location }: Place): Promise<KeyHolder | undefined> {
      const { kind, name, subscriptionId } = at;
      if (kind === 'registry') return undefined;
      if (location) return readDeleted({ kind, name, subscriptionId, location });
      // Whoever saw it did not say in which region it was: what is soft-deleted in its subscription tells.
      const { holder, failures } = await searchDeleted([subscriptionId]);
      const [failure] = failures.filter((one) => !isLasting(one));
      if (!holder && failure) throw failure;
      return holder;
    }

    async function readDeleted(where: DeletedHolderLocation): Promise<KeyHolder | undefined> {
      const answer = await azure.readDeletedKeyHolder(where, run);
      readings.push(answer.reading);
      return answer.state === 'found' ? { ...answer.value, readings } : undefined;
    }

    function searchLive(where: readonly string[]): Promise<SearchResult> {
      return searchLists(kinds, where, {
        list: (kind, subscription) =>
          memoise(lists, `${kind}|${subscription}`, () => azure.listKeyHolders(kind, subscription, run)),
        isMatch: (location) => isHolder(location, key, cloud),
        read: ({ id }) => readListed(id),
      });
    }

    function searchDeleted(where: readonly string[]): Promise<SearchResult> {
      return searchLists(kinds, where, {
        list: (kind, subscription) =>
          memoise(deletedLists, `${kind}|${subscription}`, () =>
            azure.listDeletedKeyHolders(kind, subscription, run),
          ),
        isMatch: ({ kind, name }) => toHolderHost(kind, name, cloud) === host,
        read: readDeleted,
      });
    }

    /** A free name is that of no key holder anywhere in this cloud; a host of another cloud can't be asked for here. */
    async function askName(places: readonly Place[]): Promise<KeyHolder | undefined> {
      if (!holderName || holderKind === 'unknown' || key.cloud !== cloud) return undefined;
      const answer = await firstOf([home, ...places.map(({ at }) => at.subscriptionId)], (subscription) =>
        azure.isNameFree(holderKind, holderName, subscription, run),
      );
      if (!answer) return undefined;
      readings.push(answer.reading);
      if (answer.state === 'found') return answer.value ? { state: 'absent', readings } : undefined;
      reason = 'key_holder_unreadable';
      return undefined;
    }
  }
}

/** An odd subscription that always answers so must not leave what it may hold without a verdict. */
function isLasting(failure: unknown): boolean {
  const { status = 0 } = failure instanceof ReadFailure ? failure : {};
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429;
}

/** Where a key holder may be. */
interface Place {
  at: ResourceId;
  /** Without it, what is soft-deleted can't be read. */
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

/** Whether a listed key holder is the one of a key: by its own URI, or by name and cloud suffix where it tells none. */
function isHolder({ id, uri }: HolderLocation, { host }: KeyIdentifier, cloud: CloudName): boolean {
  if (id.kind === 'registry') return false;
  return (toHost(uri) ?? toHolderHost(id.kind, id.name, cloud)) === host;
}
