import { type AccessKeys, isAllowed } from './access-keys.ts';
import type { RpcHttpCookie, RpcHttpData } from './functions-core-types.ts';
import { parseHttpRoute } from './http-route.ts';
import type { Invoker } from './invocation.ts';
import type { LoopbackRequest, LoopbackResponse } from './loopback-server.ts';
import type { HttpFunction, LoadedFunction } from './registered-function.ts';

/** What an HTTP endpoint needs. */
export interface HttpEndpointOptions {
  functions: LoadedFunction<HttpFunction>[];
  routePrefix: string;
  keys: AccessKeys;
  invoker: Invoker;
}

/**
 * Creates the endpoint of an app's HTTP functions; it answers `undefined` where no function has the route and
 * the method, and like the Functions host 401 without a body for a wrong key, 500 without one for a failure.
 */
export function createHttpEndpoint({ functions, routePrefix, keys, invoker }: HttpEndpointOptions) {
  const routes = functions
    .map((loaded) => ({ loaded, ...parseHttpRoute(`${routePrefix}/${loaded.info.route}`) }))
    .sort((left, right) => left.rank.localeCompare(right.rank));

  return async (request: LoopbackRequest): Promise<LoopbackResponse | undefined> => {
    for (const { loaded, match } of routes) {
      const params = loaded.info.methods.includes(request.method) && match(request.url.pathname);
      if (params) {
        return isAllowed(request, loaded.info.authLevel, keys)
          ? await call(loaded, request, params)
          : { status: 401 };
      }
    }
    return undefined;
  };

  async function call(
    loaded: LoadedFunction,
    request: LoopbackRequest,
    params: Record<string, string>,
  ): Promise<LoopbackResponse> {
    try {
      const response = await invoker.invoke({ loaded, data: { http: toRpcHttp(request, params) } });
      return fromRpcHttp(response.returnValue?.http);
    } catch {
      return { status: 500 };
    }
  }
}

/** As the Functions host sends it: a name that comes more than once has its values joined by commas. */
function toRpcHttp(request: LoopbackRequest, params: Record<string, string>): RpcHttpData {
  const query = [...new Set(request.url.searchParams.keys())].map(
    (name) => [name, request.url.searchParams.getAll(name).join(',')] as const,
  );
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name, String(value ?? '')] as const,
  );
  return {
    method: request.method,
    url: request.url.href,
    nullableQuery: toNullable(query),
    nullableHeaders: toNullable(headers),
    nullableParams: toNullable(Object.entries(params)),
    ...(request.body.length > 0 && { body: { bytes: request.body } }),
  };
}

function toNullable(entries: Iterable<readonly [string, string]>): Record<string, { value: string }> {
  return Object.fromEntries(Array.from(entries, ([name, value]) => [name, { value }]));
}

/** A function that returns nothing answers 204, as in Azure. */
function fromRpcHttp(http: RpcHttpData | null | undefined): LoopbackResponse {
  if (!http) {
    return { status: 204 };
  }
  return {
    status: Number(http.statusCode ?? 200),
    headers: {
      ...http.headers,
      ...(http.cookies?.length && { 'set-cookie': http.cookies.map(toSetCookie) }),
    },
    body: http.body?.bytes ?? http.body?.string ?? '',
  };
}

function toSetCookie(cookie: RpcHttpCookie): string {
  const { expires, maxAge, sameSite } = cookie;
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    expires && `Expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge && `Max-Age=${maxAge.value}`,
    cookie.domain && `Domain=${cookie.domain.value}`,
    cookie.path && `Path=${cookie.path.value}`,
    cookie.secure?.value && 'Secure',
    cookie.httpOnly?.value && 'HttpOnly',
    sameSite && sameSite !== 'none' && `SameSite=${sameSite === 'explicitNone' ? 'none' : sameSite}`,
  ]
    .filter(Boolean)
    .join('; ');
}
