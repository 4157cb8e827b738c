import type { ArmRequest } from './arm-answer.ts';
import type { ArmBody } from './tenant-contents.ts';

/** How lists are cut into pages. */
export interface Paging {
  /** Items a page */
  pageSize: number;
  /** Whether an empty page that still has a nextLink follows every page, and an empty one without closes the list */
  emptyPages: boolean;
}

/** A list, whose bodies are read when a page needs them. */
export interface ArmList {
  /** In order */
  keys: readonly string[];
  read(key: string): ArmBody;
}

type Position = { after: string; isEmpty: boolean };

/** Makes a list of bodies that are there already, in order of their keys. */
export function toArmList(items: [key: string, body: ArmBody][]): ArmList {
  const bodies = new Map(items);
  return { keys: [...bodies.keys()], read: (key) => bodies.get(key) as ArmBody };
}

/** Answers one page of a list; a page goes on after the last key of its predecessor. */
export function toPage(
  { keys, read }: ArmList,
  request: ArmRequest,
  paging: Paging & { endpoint: string },
): { value: ArmBody[]; nextLink?: string } {
  const { after, isEmpty } = fromToken(request.query.$skiptoken);
  const start = toStart(keys, after);
  const size = toPageSize(request.query.$top, paging.pageSize);
  const page = isEmpty ? [] : keys.slice(start, start + size);
  const last = page.at(-1) ?? after;
  const isFollowed = paging.emptyPages ? page.length > 0 || isEmpty : start + page.length < keys.length;
  const next: Position = { after: last, isEmpty: paging.emptyPages && !isEmpty };
  return {
    value: page.map(read),
    ...(isFollowed ? { nextLink: toNextLink(request, paging.endpoint, toToken(next)) } : {}),
  };
}

/** Index of the first key after `after`. */
function toStart(keys: readonly string[], after: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

function toPageSize(top: string | undefined, pageSize: number): number {
  const wanted = Number(top);
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, pageSize) : pageSize;
}

function toNextLink(request: ArmRequest, endpoint: string, token: string): string {
  const { $skiptoken: _, ...kept } = request.query;
  const query = Object.entries({ ...kept, $skiptoken: token });
  return `${endpoint}${encodeURI(request.path)}?${query.map((pair) => pair.map((part) => encodeURIComponent(part)).join('=')).join('&')}`;
}

function toToken({ after, isEmpty }: Position): string {
  return Buffer.from(`${isEmpty ? 'empty' : 'page'}|${after}`).toString('base64');
}

function fromToken(token: string | undefined): Position {
  if (!token) return { after: '', isEmpty: false };
  const [kind, after = ''] = Buffer.from(token, 'base64').toString().split('|');
  return { after, isEmpty: kind === 'empty' };
}
