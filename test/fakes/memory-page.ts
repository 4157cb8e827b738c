import { InvalidCursor, type Page, type PageRequest } from '../../src/monitor/ports/ports.ts';

/** Cuts a page out of a whole list, whose name its cursors carry. */
export function cutPage<T>(
  list: string,
  rows: readonly { key: string; item: T }[],
  { limit, cursor }: PageRequest,
): Page<T> {
  const after = cursor === undefined ? '' : fromCursor(list, cursor);
  const rest = rows.filter(({ key }) => key > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    ...(last && rest.length > limit ? { nextCursor: toCursor(list, last.key) } : {}),
  };
}

function toCursor(list: string, key: string): string {
  return Buffer.from(`${list}\n${key}`).toString('base64url');
}

function fromCursor(list: string, cursor: string): string {
  const [named, key] = Buffer.from(cursor, 'base64url').toString().split('\n');
  if (named !== list || !key) throw new InvalidCursor('This list did not give out this cursor');
  return key;
}
