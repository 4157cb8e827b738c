import { parseRegistryId, type ResourceId, toResourceKey } from '../../domain/estate/resource-id.ts';
import type { FindingStore } from '../ports/ports.ts';

/** What a sweep holds of a stored registry: it has to be short, there may be 100,000. */
export interface SweepMark {
  etag: string;
  digest: string;
  isPresent: boolean;
  /** Milliseconds since 1970; absent where Azure did not tell. */
  createdAt: number | undefined;
  /** Milliseconds since 1970. */
  assessedAt: number;
  /** Last pass over the inventory that showed it. */
  seenIn: number;
}

/** What is stored of all registries, and which of them the inventory has shown. */
export interface SweepMarks {
  get(id: ResourceId): SweepMark | undefined;
  /** ETags by resource key. */
  etags: { get(key: string): string | undefined };
  /** Starts over: nothing has been seen yet. */
  startPass(): void;
  /** Notes that the inventory shows a registry; false when it has shown it before in this pass. */
  see(id: ResourceId): boolean;
  /** Registries of a subscription that should be there and were not shown; ids in lower case. */
  listUnseen(subscriptionId: string): ResourceId[];
}

/** Reads what is stored of all registries. */
export async function readSweepMarks(store: FindingStore): Promise<SweepMarks> {
  const bySubscription = new Map<string, Map<string, SweepMark>>();
  let unknown = new Set<string>();
  let pass = 1;
  for await (const { registryId, etag, digest, state, createdAt, assessedAt } of store.listMarks()) {
    const id = parseRegistryId(registryId);
    if (!id) continue;
    const [subscription, rest] = split(toResourceKey(id));
    const marks = bySubscription.get(subscription) ?? new Map<string, SweepMark>();
    bySubscription.set(subscription, marks);
    marks.set(rest, {
      etag,
      digest,
      isPresent: state === 'present',
      createdAt: toMilliseconds(createdAt),
      assessedAt: Date.parse(assessedAt),
      seenIn: 0,
    });
  }
  return {
    get: (id) => getByKey(toResourceKey(id)),
    etags: { get: (key) => getByKey(key)?.etag },
    startPass,
    see,
    listUnseen,
  };

  function getByKey(key: string): SweepMark | undefined {
    const [subscription, rest] = split(key);
    return bySubscription.get(subscription)?.get(rest);
  }

  function startPass(): void {
    pass += 1;
    unknown = new Set();
  }

  function see(id: ResourceId): boolean {
    const key = toResourceKey(id);
    const mark = getByKey(key);
    const isSeen = mark ? mark.seenIn === pass : unknown.has(key);
    if (mark) mark.seenIn = pass;
    else unknown.add(key);
    return !isSeen;
  }

  function listUnseen(subscriptionId: string): ResourceId[] {
    const subscription = subscriptionId.toLowerCase();
    const marks = bySubscription.get(subscription) ?? new Map<string, SweepMark>();
    return [...marks].flatMap(([rest, { isPresent, seenIn }]) =>
      isPresent && seenIn !== pass ? toId(subscription, rest) : [],
    );
  }
}

/** A time as a number; undefined where there is none, or none that can be read. */
export function toMilliseconds(time: string | undefined): number | undefined {
  const milliseconds = Date.parse(time ?? '');
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Subscription and rest of a resource key. */
function split(key: string): [string, string] {
  const at = key.indexOf('|');
  return [key.slice(0, at), key.slice(at + 1)];
}

function toId(subscription: string, rest: string): ResourceId[] {
  const [group, name] = rest.split('|');
  const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
  const parsed = parseRegistryId(id);
  return parsed ? [parsed] : [];
}
