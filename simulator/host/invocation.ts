import { randomUUID } from 'node:crypto';
import type { AppHooks } from './app-hooks.ts';
import type { Clock } from './clock.ts';
import type { CoreInvocationContext, InvocationResponse, RpcTypedData } from './functions-core-types.ts';
import { type HostLog, messageOf } from './host-log.ts';
import type { LoadedFunction } from './registered-function.ts';

/** What a function is invoked with. */
interface Invocation {
  loaded: LoadedFunction;
  data: RpcTypedData;
  triggerMetadata?: Record<string, RpcTypedData>;
}

/** Runs functions through the programming model, and knows which are still running. */
export interface Invoker {
  /**
   * Runs a function once.
   * @throws what the function, or a hook, threw.
   */
  invoke(invocation: Invocation): Promise<InvocationResponse>;
  /** How many invocations are running. */
  running(): number;
  /** Resolves when all invocations that are running now have ended. */
  idle(): Promise<void>;
}

/** Creates an invoker that logs the outcome of each invocation. */
export function createInvoker(hooks: AppHooks, log: HostLog, clock: Clock): Invoker {
  const running = new Set<Promise<unknown>>();

  return {
    async invoke(invocation) {
      const run = runLogged(invocation);
      running.add(run);
      try {
        return await run;
      } finally {
        running.delete(run);
      }
    },
    running: () => running.size,
    async idle() {
      await Promise.allSettled(running);
    },
  };

  async function runLogged(invocation: Invocation): Promise<InvocationResponse> {
    const category = invocation.loaded.info.name;
    const invocationId = randomUUID();
    const line = { category, source: 'system' as const, invocationId };
    const started = clock.now().getTime();
    const took = () => `${clock.now().getTime() - started} ms`;
    try {
      const response = await runInvocation(invocation, invocationId, hooks);
      log({ ...line, level: 'debug', message: `Executed '${category}' (succeeded, ${took()}).` });
      return response;
    } catch (error) {
      const message = `Executed '${category}' (failed, ${took()}): ${messageOf(error)}`;
      log({ ...line, level: 'error', message, error });
      throw error;
    }
  }
}

/** The steps and their order are those of Azure's own Node.js worker (its InvocationHandler). */
async function runInvocation(
  invocation: Invocation,
  invocationId: string,
  hooks: AppHooks,
): Promise<InvocationResponse> {
  const { callback, model } = invocation.loaded.core;
  let context: unknown;
  const core = createCoreContext(invocation, invocationId, (line) => hooks.log(line, context));
  const steps = model.getInvocationModel(core);
  const prepared = await steps.getArguments();
  context = prepared.context;

  const shared = { hookData: {}, appHookData: hooks.appHookData, invocationContext: context };
  const before = { ...shared, inputs: prepared.inputs, functionCallback: callback };
  await inState(core, 'preInvocationHooks', () => hooks.run('preInvocation', before));

  const after = { ...shared, inputs: before.inputs, result: null as unknown, error: null as unknown };
  await inState(core, 'invocation', async () => {
    try {
      after.result = await steps.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error ?? new Error('The function threw nothing.');
    }
  });
  await inState(core, 'postInvocationHooks', () => hooks.run('postInvocation', after));
  if (after.error) {
    throw after.error;
  }
  return steps.getResponse(context, after.result);
}

function createCoreContext(
  { loaded, data, triggerMetadata = {} }: Invocation,
  invocationId: string,
  log: HostLog,
): CoreInvocationContext {
  const { metadata } = loaded.core;
  return {
    invocationId,
    metadata,
    request: { invocationId, inputData: [{ name: loaded.binding, data }], triggerMetadata },
    log: (level, source, message) => log({ level, source, message, category: metadata.name, invocationId }),
  };
}

async function inState(
  context: CoreInvocationContext,
  state: NonNullable<CoreInvocationContext['state']>,
  step: () => Promise<void>,
): Promise<void> {
  context.state = state;
  try {
    await step();
  } finally {
    context.state = undefined;
  }
}
