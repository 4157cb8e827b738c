type Segment = { kind: 'literal'; text: string } | { kind: 'param' | 'optional' | 'rest'; name: string };

/** A route template such as `registries/{subscription}/{name?}`, ready to be matched. */
export interface HttpRoute {
  /** Sorts the route that is matched first to the front: literal before parameter before rest, by segment. */
  rank: string;
  /** The parameters of a path that matches, decoded, without those that are absent. */
  match(path: string): Record<string, string> | undefined;
}

const RANKS = { literal: '0', param: '1', optional: '1', rest: '2' } as const;

/**
 * Parses a route template as the Functions host understands it, with `{param}`, `{param?}` and `{*rest}`.
 * @throws Error for a template that the local host does not support, such as one with constraints.
 */
export function parseHttpRoute(template: string): HttpRoute {
  const segments = splitPath(template).map((text) => parseSegment(text, template));
  return {
    rank: segments.map(({ kind }) => RANKS[kind]).join(''),
    // The real host takes an empty segment for one that no route has.
    match: (path) => (path.includes('//') ? undefined : matchSegments(segments, splitPath(path))),
  };
}

function splitPath(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function parseSegment(text: string, template: string): Segment {
  const parameter = /^\{(\*{0,2})(\w+)(\??)\}$/.exec(text);
  if (parameter) {
    const [, star, name = '', optional] = parameter;
    return { kind: star ? 'rest' : optional ? 'optional' : 'param', name };
  }
  if (/[{}]/.test(text)) {
    throw new Error(`Route '${template}': '${text}' is not supported by the local functions host.`);
  }
  return { kind: 'literal', text: text.toLowerCase() };
}

function matchSegments(segments: Segment[], path: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = path[index];
    if (segment.kind === 'rest') {
      return value === undefined
        ? params
        : { ...params, [segment.name]: path.slice(index).map(decode).join('/') };
    }
    if (
      segment.kind === 'literal'
        ? decode(value ?? '').toLowerCase() !== segment.text
        : isMissing(segment, value)
    ) {
      return undefined;
    }
    if (segment.kind !== 'literal' && value !== undefined) {
      params[segment.name] = decode(value);
    }
  }
  return path.length > segments.length ? undefined : params;
}

function isMissing(segment: Segment, value: string | undefined): boolean {
  return segment.kind === 'param' && value === undefined;
}

// An encoded slash stays encoded, as in ASP.NET Core; a broken escape is taken as it is.
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment.replace(/%2f/gi, '%252F'));
  } catch {
    return segment;
  }
}
