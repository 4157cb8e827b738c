/** A scope as it compares: without case; the root of the tenant is the empty one. */
export function toScopeKey(scope: string): string {
  return withoutSlashes(scope.toLowerCase());
}

/** The key of a scope and those of the scopes above it, down from its subscription: whatever ends at a slash may be one. */
export function toScopeKeysAbove(scope: string): string[] {
  const parts = toScopeKey(scope).split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/')).filter((one) => one !== '');
}

/** The subscription that a scope lies in, in lower case; empty for one above subscriptions. */
export function toSubscriptionOf(scope: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1]?.toLowerCase() ?? '';
}

/** A text without the slashes at its end; a regular expression would take the square of their number. */
export function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
