import { readJsonFile } from '../../src/settings/json-file.ts';
import type { CoreFunction } from './functions-core.ts';
import type { BindingInfo, FunctionMetadata } from './functions-core-types.ts';

/** Who may call an HTTP function. */
export type AuthLevel = 'anonymous' | 'function' | 'admin';

/** An HTTP function; its route has no prefix, its methods are upper-case. */
export interface HttpFunction {
  trigger: 'http';
  name: string;
  route: string;
  methods: string[];
  authLevel: AuthLevel;
}

/** A timer function; its schedule has its settings filled in. */
export interface TimerFunction {
  trigger: 'timer';
  name: string;
  schedule: string;
  runOnStartup: boolean;
}

/** A function that takes Event Grid's events, one an invocation. */
export interface EventGridFunction {
  trigger: 'eventGrid';
  name: string;
}

/** A function whose trigger the local host has nothing to fire with. */
interface UnsupportedFunction {
  trigger: 'unsupported';
  name: string;
  type: string;
}

/** A function as the local host knows it. */
export type RegisteredFunction = HttpFunction | TimerFunction | EventGridFunction | UnsupportedFunction;

/** A registered function with what it takes to invoke it. */
export interface LoadedFunction<T extends RegisteredFunction = RegisteredFunction> {
  info: T;
  core: CoreFunction;
  /** Name of its trigger binding. */
  binding: string;
}

/**
 * Describes a function that `@azure/functions` registered.
 * @throws Error when it has no trigger, or its schedule names a setting that is not set.
 */
export function describeFunction(core: CoreFunction): LoadedFunction {
  const trigger = Object.entries(core.metadata.bindings).find(([, { type }]) => /trigger$/i.test(type ?? ''));
  if (!trigger) {
    throw new Error(`Function '${core.metadata.name}' has no trigger.`);
  }
  const [binding, options] = trigger;
  return { info: toRegisteredFunction(core.metadata, options), core, binding };
}

/** The functions of one trigger among all that were loaded. */
export function functionsOf<T extends RegisteredFunction['trigger']>(
  functions: LoadedFunction[],
  trigger: T,
): LoadedFunction<Extract<RegisteredFunction, { trigger: T }>>[] {
  return functions.filter(
    (loaded): loaded is LoadedFunction<Extract<RegisteredFunction, { trigger: T }>> =>
      loaded.info.trigger === trigger,
  );
}

/** The route prefix that `host.json` of a folder sets, without slashes around it; `api` by default. */
export function readRoutePrefix(path = 'host.json'): string {
  const host = readJsonFile(path)?.value as
    | { extensions?: { http?: { routePrefix?: unknown } } }
    | null
    | undefined;
  const prefix = host?.extensions?.http?.routePrefix;
  return typeof prefix === 'string' ? prefix.replace(/^\/+|\/+$/g, '') : 'api';
}

function toRegisteredFunction({ name }: FunctionMetadata, options: BindingInfo): RegisteredFunction {
  const type = options.type ?? '';
  switch (type.toLowerCase()) {
    case 'httptrigger':
      return {
        trigger: 'http',
        name,
        route: String(options.route || name),
        methods: (options.methods as string[]).map((method) => method.toUpperCase()),
        authLevel: options.authLevel as AuthLevel,
      };
    case 'timertrigger':
      return {
        trigger: 'timer',
        name,
        schedule: fillInSettings(String(options.schedule)),
        runOnStartup: options.runOnStartup === true,
      };
    case 'eventgridtrigger':
      return { trigger: 'eventGrid', name };
    default:
      return { trigger: 'unsupported', name, type };
  }
}

function fillInSettings(text: string): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = process.env[name];
    if (!value) {
      throw new Error(`'%${name}%' does not resolve to a value: the setting ${name} is not set.`);
    }
    return value;
  });
}
