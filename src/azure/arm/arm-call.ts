import type { PipelinePolicy, RawHttpHeaders } from '@azure/core-rest-pipeline';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import { toRetryAfter } from '../../domain/estate/retry-after.ts';
import type { ArmAnswer } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import { createApiVersions } from './api-versions.ts';
import type { ReadLimits } from './read-limits.ts';
import { toRefusal } from './refusals.ts';

/** Longest time for one call, the SDK's repeats included, in milliseconds. */
const callTimeout = 60_000;
/** Longest time for one attempt, in milliseconds. */
const attemptTimeout = 15_000;

/** Options that every operation of the SDK takes. */
export interface OperationOptions {
  abortSignal: AbortSignal;
  onResponse(response: RawResponse): void;
}

interface RawResponse {
  status: number;
  parsedBody?: unknown;
  request: { url: string; method: string };
  headers: { toJSON(): RawHttpHeaders };
}

/** What ARM answered, as it wrote it: the SDK's own readers throw on odd bodies. */
interface ArmResponse {
  status: number;
  body: unknown;
  reading: Reading;
  retryAfter: number | undefined;
}

/** Makes single calls to ARM through operations of its SDK. */
export interface ArmCaller {
  /** To be added to each SDK client: counts attempts and limits their time. */
  policy: PipelinePolicy;
  /** Sends one request and turns its answer into what it means; throws {@link ReadFailure} when it means nothing. */
  call(
    target: Target,
    run: Run,
    operation: (options: OperationOptions) => Promise<unknown>,
  ): Promise<ArmAnswer<unknown>>;
}

/** What is being read, and which error codes say that it does not exist. */
export interface Target extends Pick<Reading, 'what' | 'id'> {
  goneCodes?: readonly string[];
  /** Body that stands for the answer where the subscription can't hold anything of the service. */
  whereNone?: unknown;
  /** Told the headers of the answer, names in lower case. */
  onHeaders?(headers: Record<string, string | undefined>): void;
}

/** A list that holds nothing. */
export const emptyList = { value: [] };

const resourceGone = ['resourcenotfound', 'resourcegroupnotfound'];

/** Builds the caller for the ARM at an address. */
export function createArmCaller(
  armEndpoint: string,
  { now, limits }: { now(): Date; limits: ReadLimits },
): ArmCaller {
  const armHost = new URL(armEndpoint).host;
  const versions = createApiVersions();
  const underWay = new WeakMap<object, CallUnderWay>();
  return { policy: { name: 'acrCmkMonitor', sendRequest }, call };

  function sendRequest(...[request, next]: Parameters<PipelinePolicy['sendRequest']>) {
    const { host, pathname } = new URL(request.url);
    if (!isWithin(host, armHost)) {
      throw new ReadFailure(`Azure points to an address outside ${armHost}, which is not followed`);
    }
    const made = request.abortSignal && underWay.get(request.abortSignal);
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(pathname)?.[1];
    return limits.take(subscription, made?.signal, async () => {
      if (made) made.run.calls += 1;
      request.timeout = attemptTimeout;
      request.url = versions.toKnown(request.url);
      const response = await next(request);
      if (made) made.retryAfter = toRetryAfter(response.headers.get('retry-after'), now());
      const instead = versions.learn(request.url, response);
      if (!instead) return response;
      if (made) {
        made.run.calls += 1;
        made.run.log.warn(instead.message);
      }
      request.url = instead.url;
      return next(request);
    });
  }

  async function call(target: Target, run: Run, operation: (options: OperationOptions) => Promise<unknown>) {
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(callTimeout)]);
    const made: CallUnderWay = { target, run, signal, retryAfter: undefined };
    underWay.set(signal, made);
    const response = await send(made, operation, now);
    return toAnswer(target, response);
  }
}

/** One call, the SDK's repeats included. */
interface CallUnderWay {
  target: Target;
  run: Run;
  signal: AbortSignal;
  /** Wait that the last attempt's answer asked for, in milliseconds: the time of the call may be over before it is. */
  retryAfter: number | undefined;
}

function isWithin(host: string, armHost: string): boolean {
  return host === armHost || host.endsWith(`.${armHost}`);
}

async function send(
  made: CallUnderWay,
  operation: (options: OperationOptions) => Promise<unknown>,
  now: () => Date,
): Promise<ArmResponse> {
  const { target, signal } = made;
  const raw: { response?: RawResponse } = {};
  try {
    await withSignal(
      operation({
        abortSignal: signal,
        onResponse: (response) => {
          raw.response = response;
        },
      }),
      signal,
    );
  } catch (error) {
    if (!raw.response) throw toFailure(made, error);
  }
  if (!raw.response) throw new ReadFailure(`${describe(target)}: no answer`);
  const { status, parsedBody, request, headers } = raw.response;
  target.onHeaders?.(headers.toJSON());
  const from = `${request.method} ${withoutTokens(request.url)}`;
  return {
    status,
    body: parsedBody,
    reading: { what: target.what, id: target.id, at: now().toISOString(), from, status },
    retryAfter: toRetryAfter(headers.toJSON()['retry-after'], now()),
  };
}

/** Some credentials don't listen to abort signals: stop waiting all the same. */
function withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', abort));
}

/** Paging tokens say nothing to a reader. */
function withoutTokens(url: string): string {
  const { origin, pathname, searchParams } = new URL(url);
  const version = searchParams.get('api-version');
  return `${origin}${pathname}${version ? `?api-version=${version}` : ''}`;
}

function toAnswer(target: Target, { status, body, reading, retryAfter }: ArmResponse): ArmAnswer<unknown> {
  if (status === 200) return { state: 'found', value: body, reading };
  const codes = toErrorCodes(body);
  const code = codes[0]?.toLowerCase();
  if (status === 404 && code === 'subscriptionnotfound') return { state: 'subscriptionLost', reading };
  if (status === 404 && code && (target.goneCodes ?? resourceGone).includes(code))
    return { state: 'gone', reading };
  const refusal = toRefusal(status, codes);
  if (refusal === 'none' && target.whereNone !== undefined)
    return { state: 'found', value: target.whereNone, reading };
  if (refusal) return { state: 'forbidden', reading };
  const message = `${describe(target)}: HTTP ${status}${codes[0] ? ` (${codes[0]})` : ''}`;
  throw new ReadFailure(message, { retryAfter, status, codes });
}

/** The code of an error body and those of what is inside it; ARM's errors come in several shapes. */
function toErrorCodes(body: unknown): string[] {
  const { error = body } = (body ?? {}) as { error?: unknown };
  const { details, innererror } = (error ?? {}) as { details?: unknown; innererror?: unknown };
  return [error, innererror, ...(Array.isArray(details) ? details : [])].flatMap(
    (part: { code?: unknown } | null | undefined) =>
      typeof part?.code === 'string' && /^[\w.-]{1,100}$/.test(part.code) ? part.code : [],
  );
}

function toFailure({ target, signal, retryAfter }: CallUnderWay, error: unknown): ReadFailure {
  if (error instanceof ReadFailure) return new ReadFailure(`${describe(target)}: ${error.message}`);
  const isSignIn = !signal.aborted && isCredentialError(error);
  const message = `${describe(target)}: ${toCause(error, signal)}`;
  return new ReadFailure(message, { cause: error, retryAfter, isSignIn });
}

function isCredentialError(error: unknown): boolean {
  return /Credential|Authentication/.test((error as Error | undefined)?.name ?? '');
}

/** Says what went wrong without the body or the token that an SDK's message may hold. */
function toCause(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === 'AbortError') return `no answer within ${attemptTimeout / 1000} s`;
  if (code === 'PARSE_ERROR') return 'the body is no JSON';
  if (isCredentialError(error)) return `no token: ${message?.split('\n')[0] ?? name}`;
  return code ?? name ?? 'failed';
}

function describe({ what, id }: Target): string {
  return `Reading ${what} ${id}`;
}
