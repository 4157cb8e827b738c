import { registerHooks } from 'node:module';
import type {
  CoreLogCategory,
  CoreLogLevel,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  ProgrammingModel,
} from './functions-core-types.ts';

/** A function as an app registered it, with the programming model of the `@azure/functions` it used. */
export interface CoreFunction {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
  model: ProgrammingModel;
}

/** What one load of an app registered. */
export interface FunctionRegistry {
  functions: CoreFunction[];
  hooks: { name: string; callback: HookCallback }[];
  /** Takes what `@azure/functions` logs outside of an invocation. */
  log(level: CoreLogLevel, category: CoreLogCategory, message: string): void;
}

interface Core {
  registry: FunctionRegistry | undefined;
  loading: boolean;
  createApi(): unknown;
}

const CORE_MODULE = '@azure/functions-core';
const CORE_URL = 'acr-cmk-monitor-functions-core:';
const CORE_SYMBOL = 'acr-cmk-monitor.functions-core';
const CORE_VERSION = '4.0.0-local';

/**
 * Loads an app while the module `@azure/functions-core` is there, and returns what it registered; only one
 * load at a time is possible in a process.
 */
export async function loadFunctions(
  load: () => Promise<unknown>,
  log: FunctionRegistry['log'],
): Promise<FunctionRegistry> {
  const core = installedCore();
  if (core.loading) {
    throw new Error('Another functions host of this process is still loading its functions.');
  }
  const registry: FunctionRegistry = { functions: [], hooks: [], log };
  core.registry = registry;
  core.loading = true;
  try {
    await load();
  } finally {
    core.loading = false;
  }
  return registry;
}

/**
 * The state hangs on the process, not on this file: `@azure/functions` keeps the first core API it gets,
 * while a test runner may evaluate this file more than once.
 */
function installedCore(): Core {
  const world = globalThis as Record<symbol, Core | undefined>;
  const key = Symbol.for(CORE_SYMBOL);
  world[key] ??= installCore();
  return world[key];
}

function installCore(): Core {
  registerHooks({
    // Each copy of `@azure/functions`, installed or bundled, gets a core API and so a model of its own.
    resolve: (specifier, context, nextResolve) =>
      specifier === CORE_MODULE
        ? {
            url: CORE_URL + encodeURIComponent(context.parentURL ?? ''),
            format: 'commonjs',
            shortCircuit: true,
          }
        : nextResolve(specifier, context),
    load: (url, context, nextLoad) =>
      url.startsWith(CORE_URL)
        ? { source: coreSource(), format: 'commonjs', shortCircuit: true }
        : nextLoad(url, context),
  });
  const core: Core = { registry: undefined, loading: false, createApi: () => createCoreApi(core) };
  return core;
}

function coreSource(): string {
  return `module.exports = globalThis[Symbol.for(${JSON.stringify(CORE_SYMBOL)})].createApi();`;
}

function createCoreApi(core: Core) {
  let model: ProgrammingModel | undefined;
  return {
    version: CORE_VERSION,
    hostVersion: CORE_VERSION,
    Disposable,
    setProgrammingModel(next: ProgrammingModel) {
      model = next;
    },
    getProgrammingModel: () => model,
    registerFunction(metadata: FunctionMetadata, callback: FunctionCallback) {
      if (!core.registry || !core.loading) {
        throw new Error('A function can only be registered during app startup.');
      }
      if (!model) {
        throw new Error(`Function '${metadata.name}' was registered before a programming model was set.`);
      }
      return addTo(core.registry.functions, { metadata, callback, model });
    },
    registerHook(name: string, callback: HookCallback) {
      if (!core.registry) {
        throw new Error('A hook can only be registered in an app that a host has loaded.');
      }
      return addTo(core.registry.hooks, { name, callback });
    },
    log(level: CoreLogLevel, category: CoreLogCategory, message: string) {
      core.registry?.log(level, category, message);
    },
  };
}

function addTo<T>(list: T[], item: T): Disposable {
  list.push(item);
  return new Disposable(() => {
    const index = list.indexOf(item);
    if (index >= 0) {
      list.splice(index, 1);
    }
  });
}

/** A class because the module's contract is that apps can construct one. */
class Disposable {
  readonly #onDispose: () => unknown;

  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose;
  }

  static from(...items: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const item of items) {
        item.dispose();
      }
    });
  }

  dispose(): unknown {
    return this.#onDispose();
  }
}
