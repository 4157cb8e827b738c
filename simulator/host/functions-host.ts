import { randomBytes } from 'node:crypto';
import type { AccessKeys } from './access-keys.ts';
import { createAdminEndpoint } from './admin-endpoint.ts';
import { createAppHooks } from './app-hooks.ts';
import { type Clock, systemClock } from './clock.ts';
import {
  createEventDelivery,
  type DeliveryLimits,
  EVENT_GRID_LIMITS,
  type EventDelivery,
} from './event-delivery.ts';
import { createEventGridEndpoint, EVENT_GRID_PATH } from './event-grid-endpoint.ts';
import { answerNotFound, createFrontPage } from './front-page.ts';
import { type FunctionRegistry, loadFunctions } from './functions-core.ts';
import { type HostLog, logSystem } from './host-log.ts';
import { createHttpEndpoint } from './http-endpoint.ts';
import { createInvoker, type Invoker } from './invocation.ts';
import { type LoopbackRequest, type LoopbackResponse, startLoopbackServer } from './loopback-server.ts';
import {
  describeFunction,
  functionsOf,
  type LoadedFunction,
  type RegisteredFunction,
  readRoutePrefix,
} from './registered-function.ts';
import { createTimers, type Timers } from './timers.ts';

const DEFAULT_GRACE_MS = 10_000;

/** How to start a local functions host. */
export interface FunctionsHostOptions {
  /** Loads the app's entry, which registers the functions by `@azure/functions`. */
  load: () => Promise<unknown>;
  /** A free one by default. */
  port?: number;
  /** Random by default. */
  functionKey?: string;
  /** Random by default. */
  masterKey?: string;
  /** Takes the log; by default nothing does. */
  log?: HostLog;
  /** Whether timers run on their schedules; by default they do. */
  timers?: boolean;
  /** The machine's by default. */
  clock?: Clock;
  /** Event Grid's by default. */
  redelivery?: Partial<DeliveryLimits>;
  /** How long `close` waits for what is still running, in milliseconds; 10 s by default. */
  graceMs?: number;
  /** Path of the `host.json` that sets the route prefix; by default the one in the current folder. */
  hostJson?: string;
}

/** A functions host on 127.0.0.1. */
export interface FunctionsHost {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** What `x-functions-key` or `?code=` must carry for a function of level `function`. */
  functionKey: string;
  /** Opens functions of every level, and the admin endpoint. */
  masterKey: string;
  functions: RegisteredFunction[];
  /**
   * Runs a timer function, after the run that is under way if there is one, and waits for it.
   * @throws what the function threw.
   */
  runTimer(name: string): Promise<void>;
  /** Stops timers and redeliveries, lets running invocations finish for a while, and closes the server. */
  close(): Promise<void>;
}

/**
 * Loads an app through the real programming model of `@azure/functions`, and fires its timers, HTTP functions and
 * Event Grid functions as Azure does.
 * @throws Error when nothing was registered, a schedule or route is wrong, or the port is taken.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const { log = () => {}, clock = systemClock } = options;
  const keys = {
    functionKey: options.functionKey ?? randomKey(),
    masterKey: options.masterKey ?? randomKey(),
  };
  const registry = await loadFunctions(options.load, (level, source, message) =>
    log({ level, category: 'host', source, message }),
  );
  await checkApp(registry);
  const loaded = registry.functions.map(describeFunction);
  warnOfUnsupported(loaded, log);

  const hooks = createAppHooks(registry, log);
  const invoker = createInvoker(hooks, log, clock);
  const timers = createTimers({ functions: functionsOf(loaded, 'timer'), invoker, clock, log });
  const limits = { ...EVENT_GRID_LIMITS, ...options.redelivery };
  const delivery = createEventDelivery({ invoker, clock, log, ...limits });
  const answer = createRouter({ loaded, keys, timers, invoker, delivery, log, hostJson: options.hostJson });

  await hooks.runForApp('appStart');
  const server = await startLoopbackServer(answer, options.port);
  if (options.timers ?? true) {
    timers.start();
  }

  let closing: Promise<void> | undefined;
  return {
    url: server.url,
    ...keys,
    functions: loaded.map(({ info }) => info),
    runTimer: (name) => timers.run(name),
    close: () => {
      closing ??= close();
      return closing;
    },
  };

  async function close(): Promise<void> {
    timers.stop();
    delivery.stop();
    const { graceMs = DEFAULT_GRACE_MS } = options;
    await Promise.all([server.close(graceMs), letFinish(invoker, graceMs, log)]);
    await hooks.runForApp('appTerminate');
  }
}

interface RouterOptions {
  loaded: LoadedFunction[];
  keys: AccessKeys;
  timers: Timers;
  invoker: Invoker;
  delivery: EventDelivery;
  log: HostLog;
  hostJson: string | undefined;
}

function createRouter({ loaded, keys, timers, invoker, delivery, log, hostJson }: RouterOptions) {
  const functions = loaded.map(({ info }) => info);
  const routePrefix = readRoutePrefix(hostJson);
  const answerAdmin = createAdminEndpoint({ functions, keys, timers });
  const answerHttp = createHttpEndpoint({
    functions: functionsOf(loaded, 'http'),
    routePrefix,
    keys,
    invoker,
  });
  const answerFrontPage = createFrontPage({ functions, routePrefix });
  const answerEvents = createEventGridEndpoint({
    functions: functionsOf(loaded, 'eventGrid'),
    delivery,
    log,
  });

  return async (request: LoopbackRequest): Promise<LoopbackResponse> => {
    if (request.url.pathname.toLowerCase() === EVENT_GRID_PATH) {
      return answerEvents(request);
    }
    const answer = answerAdmin(request) ?? (await answerHttp(request)) ?? answerFrontPage(request);
    return answer ?? answerNotFound(request);
  };
}

async function checkApp({ functions }: FunctionRegistry): Promise<void> {
  const [first] = functions;
  if (!first) {
    throw new Error(
      'The app registered no function. A process registers the functions of an entry only once.',
    );
  }
  const names = functions.map(({ metadata }) => metadata.name.toLowerCase());
  const twice = functions.find(({ metadata }, index) => names.indexOf(metadata.name.toLowerCase()) !== index);
  if (twice) {
    throw new Error(`Function '${twice.metadata.name}' is registered twice.`);
  }
  const capabilities = await first.model.getCapabilities?.({});
  if (capabilities?.HttpUri) {
    throw new Error('The local functions host does not support HTTP streams (app.setup, enableHttpStream).');
  }
}

function warnOfUnsupported(loaded: LoadedFunction[], log: HostLog): void {
  for (const { info } of functionsOf(loaded, 'unsupported')) {
    logSystem(
      log,
      'warning',
      info.name,
      `Nothing fires '${info.name}' locally: its trigger is ${info.type}.`,
    );
  }
}

async function letFinish(invoker: Invoker, graceMs: number, log: HostLog): Promise<void> {
  let timeout: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timeout = setTimeout(resolve, graceMs);
  });
  await Promise.race([invoker.idle(), grace]);
  clearTimeout(timeout);
  if (invoker.running() > 0) {
    logSystem(
      log,
      'warning',
      'host',
      `Invocations that were still running when the host closed: ${invoker.running()}.`,
    );
  }
}

function randomKey(): string {
  return randomBytes(32).toString('base64url');
}
