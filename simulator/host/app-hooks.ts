import type { FunctionRegistry } from './functions-core.ts';
import type { HostLog, HostLogLine } from './host-log.ts';

/** The hooks that an app registered by `app.hook`. */
export interface AppHooks {
  /** What hooks share over the app's whole life. */
  appHookData: object;
  /** Runs all hooks of a name in the order of their registration; they may change the context. */
  run(name: string, context: Record<string, unknown>): Promise<void>;
  /** Runs the hooks of the app's start or end. */
  runForApp(name: 'appStart' | 'appTerminate'): Promise<void>;
  /** Writes a line of an invocation, after the log hooks, which may change its level and message. */
  log(line: HostLogLine, invocationContext: unknown): void;
}

/** Creates the runner of an app's hooks. */
export function createAppHooks(registry: FunctionRegistry, log: HostLog): AppHooks {
  const appHookData = {};
  const hookData = {};
  const hooksOf = (name: string) => registry.hooks.filter((hook) => hook.name === name);

  return {
    appHookData,
    run,
    runForApp: (name) => run(name, { hookData, appHookData, functionAppDirectory: process.cwd() }),
    log(line, invocationContext) {
      const { level, message, source: category } = line;
      const context = { hookData: {}, appHookData, level, message, category, invocationContext };
      for (const hook of hooksOf('log')) {
        hook.callback(context);
      }
      log({ ...line, level: context.level, message: context.message });
    },
  };

  async function run(name: string, context: Record<string, unknown>): Promise<void> {
    for (const hook of hooksOf(name)) {
      await hook.callback(context);
    }
  }
}
