import { setTimeout as delay } from 'node:timers/promises';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { toApiVersion } from './api-versions.ts';
import { ArmFailure, toArmFailure } from './arm-failure.ts';

/** A resource as Resource Manager answers it, or as it is asked to make it. */
export interface ArmResource {
  id?: string;
  name?: string;
  location?: string;
  tags?: Record<string, string> | null;
  identity?: { type?: string; principalId?: string; userAssignedIdentities?: Record<string, unknown> };
  properties?: Record<string, unknown>;
  [field: string]: unknown;
}

/** What can be asked of Resource Manager; every call waits until what it asked for has ended. */
export interface Arm {
  /** Whether it is only looked at what would be done. */
  isDryRun: boolean;
  /** Undefined where it does not exist; throws where its subscription does not. */
  get(id: string): Promise<ArmResource | undefined>;
  list(path: string, filter?: string): Promise<ArmResource[]>;
  put(id: string, body: ArmResource): Promise<ArmResource>;
  post(path: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** How Resource Manager is reached. */
export interface ArmOptions {
  endpoint: string;
  /** Scope of its tokens. */
  scope: string;
  credential: TokenCredential;
  /** Waits that many milliseconds. */
  wait?(milliseconds: number): Promise<unknown>;
}

/** Longest time for something that was asked for to end, and the wait between two looks, in milliseconds. */
const patience = { most: 600_000, between: 5_000 };

/** Connects to Resource Manager to change what is there. */
export function connectArm({ endpoint, scope, credential, wait = delay }: ArmOptions): Arm {
  const client = createDefaultHttpClient();
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 4 } });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: [scope] }));
  return { isDryRun: false, get, list, put, post, remove };

  async function send(method: HttpMethods, target: string, body?: unknown): Promise<PipelineResponse> {
    const url = target.startsWith('https:') ? target : toUrl(target);
    if (new URL(url).host !== new URL(endpoint).host) {
      throw new ArmFailure(`Azure points to an address outside ${endpoint}, which is not followed`);
    }
    const headers = createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json' });
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = createPipelineRequest({ url, method, headers, timeout: 60_000, ...text });
    const response = await pipeline.sendRequest(client, request).catch((cause: unknown) => {
      throw new ArmFailure(toReason(cause), { cause });
    });
    if (response.status < 400) return response;
    throw toArmFailure(response.status, response.bodyAsText);
  }

  function toUrl(path: string): string {
    const [id = '', query] = path.split('?');
    return `${endpoint}${encodeURI(id)}?api-version=${toApiVersion(id)}${query ? `&${query}` : ''}`;
  }

  async function get(id: string): Promise<ArmResource | undefined> {
    try {
      return toBody(await send('GET', id));
    } catch (error) {
      if (error instanceof ArmFailure && error.isGone) return undefined;
      throw error;
    }
  }

  async function list(path: string, filter?: string): Promise<ArmResource[]> {
    const found: ArmResource[] = [];
    let next: string | undefined = filter ? `${path}?$filter=${encodeURIComponent(filter)}` : path;
    while (next) {
      const page: { value?: ArmResource[]; nextLink?: string } = toBody(await send('GET', next));
      found.push(...(page.value ?? []));
      next = page.nextLink || undefined;
    }
    return found;
  }

  async function put(id: string, body: ArmResource): Promise<ArmResource> {
    let now = toBody(await send('PUT', id, body));
    for (let waited = 0; isUnderWay(now); waited += patience.between) {
      if (waited >= patience.most) throw new ArmFailure('it had not ended after ten minutes');
      await wait(patience.between);
      now = (await get(id)) ?? {};
    }
    const state = now.properties?.provisioningState;
    if (state === 'Failed' || state === 'Canceled') throw new ArmFailure(`it ended as ${state}`);
    return now;
  }

  async function post(path: string): Promise<void> {
    await send('POST', path);
  }

  async function remove(id: string): Promise<void> {
    try {
      const { status } = await send('DELETE', id);
      if (status !== 202) return;
    } catch (error) {
      if (error instanceof ArmFailure && error.isGone) return;
      throw error;
    }
    for (let waited = 0; (await get(id)) !== undefined; waited += patience.between) {
      if (waited >= patience.most) throw new ArmFailure('it was still there after ten minutes');
      await wait(patience.between);
    }
  }
}

/** The same Resource Manager for a dry run: it is read, and never changed. */
export function readOnly(arm: Arm): Arm {
  return {
    ...arm,
    isDryRun: true,
    put: async (id, body) => ({ ...body, id }),
    post: async () => {},
    remove: async () => {},
  };
}

function toBody<T extends object = ArmResource>({ bodyAsText }: PipelineResponse): T {
  try {
    return JSON.parse(bodyAsText || '{}');
  } catch (cause) {
    throw new ArmFailure('the body is no JSON', { cause });
  }
}

function isUnderWay({ properties }: ArmResource): boolean {
  const state = properties?.provisioningState;
  return typeof state === 'string' && !['Succeeded', 'Failed', 'Canceled'].includes(state);
}

/** What a library says of a failure can hold a token; its first line, without one. */
function toReason(cause: unknown): string {
  const { name, code, message } = cause as { name?: string; code?: string; message?: string };
  if (/Credential|Authentication/.test(name ?? '')) return `no token: ${message?.split('\n')[0]}`;
  return code ?? name ?? 'no answer';
}
