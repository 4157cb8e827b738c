import { parseResourceId, type ResourceId, toResourceKey } from '../domain/estate/resource-id.ts';

type RegistryName = Pick<ResourceId, 'subscriptionId' | 'resourceGroup' | 'name'>;

/** Rows of one partition from one key (included) up to another (left out). */
export interface KeyRange {
  partition: string;
  from: string;
  below: string;
}

/** The 16 partitions of table `findings`. */
export const partitions: readonly string[] = [...'0123456789abcdef'];

const maxRevision = 2 ** 31 - 1;
const maxTime = 9_999_999_999_999;

/** The partition of a subscription's rows: the first hex digit of its id; any other character is mapped to one. */
export function toPartition(subscriptionId: string): string {
  const first = subscriptionId.slice(0, 1).toLowerCase();
  if (partitions.includes(first)) return first;
  return ((first.codePointAt(0) ?? 0) % partitions.length).toString(partitions.length);
}

/** The parts of a registry's id; an id that is none is a broken invariant and throws. */
export function toRegistryName(registryId: string): RegistryName {
  const parsed = parseResourceId(registryId);
  if (!parsed) throw new Error(`Not the id of a registry: ${JSON.stringify(registryId)}`);
  return parsed;
}

/** Key of a registry's row. */
export function toRegistryKey(id: RegistryName): string {
  return `registry|${toResourceKey(id)}`;
}

/** Key of a finding's row. */
export function toFindingKey(id: RegistryName, rule: string): string {
  return `finding|${toResourceKey(id)}|${rule.toLowerCase()}`;
}

/** Key of a history row: newest first. */
export function toHistoryKey(id: RegistryName, revision: number): string {
  return `history|${toResourceKey(id)}|${invertRevision(revision)}`;
}

/** Key of a change's row: newest first. */
export function toChangeKey(id: RegistryName, at: string, rule: string): string {
  return `change|${invertTime(at)}|${toResourceKey(id)}|${rule.toLowerCase()}`;
}

/** Key of a link's row. */
export function toLinkKey(holderHost: string, id: RegistryName): string {
  return `link|${holderHost.toLowerCase()}|${toResourceKey(id)}`;
}

/** Key of a due assessment's row. */
export function toDueKey(id: RegistryName): string {
  return `todo|${toResourceKey(id)}`;
}

/** Key of an alert's row. */
export function toAlertKey(id: string): string {
  return `alert|${id.toLowerCase()}`;
}

/** A revision in ten digits that sort newest first: 2,147,483,647 less the revision. */
export function invertRevision(revision: number): string {
  return String(maxRevision - revision).padStart(10, '0');
}

/** A time in 13 digits that sort newest first: 9,999,999,999,999 less the milliseconds since 1970, UTC. */
export function invertTime(at: string): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) throw new Error(`Not a time: ${JSON.stringify(at)}`);
  return String(maxTime - time).padStart(13, '0');
}

/** All keys of a partition that start with a text, which must not be empty. */
export function toPrefixRange(partition: string, prefix: string): KeyRange {
  return { partition, from: prefix, below: toUpperBound(prefix) };
}

/** All keys that start with a text, in each of the 16 partitions. */
export function toPrefixRanges(prefix: string): KeyRange[] {
  return partitions.map((partition) => toPrefixRange(partition, prefix));
}

/** The least text above all that start with the given one: Azure compares keys by code unit. */
function toUpperBound(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}
