import type { ArmRequest } from './arm-answer.ts';
import type { ArmBody } from './tenant-contents.ts';

/** How lists are cut into pages. */
export interface Paging {
  /** Items a page */
  pageSize: number;
  /** Whether an empty page that still has a nextLink follows every page, and an empty one without closes the list */
  emptyPages: boolean;
}

type Position = { after: string; isEmpty: boolean };

/** Answers one page of a list; `items` are in order of their keys, and a page goes on after the last key of its predecessor. */
export function toPage(
  items: [key: string, body: ArmBody][],
  request: ArmRequest,
  paging: Paging & { endpoint: string },
): { value: ArmBody[]; nextLink?: string } {
  const { after, isEmpty } = fromToken(request.query.$skiptoken);
  const rest = items.filter(([key]) => key > after);
  const size = toPageSize(request.query.$top, paging.pageSize);
  const page = isEmpty ? [] : rest.slice(0, size);
  const last = page.at(-1)?.[0] ?? after;
  const isFollowed = paging.emptyPages ? page.length > 0 || isEmpty : rest.length > page.length;
  const next: Position = { after: last, isEmpty: paging.emptyPages && !isEmpty };
  return {
    value: page.map(([, body]) => body),
    ...(isFollowed ? { nextLink: toNextLink(request, paging.endpoint, toToken(next)) } : {}),
  };
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
