/** Log levels of the Functions host. */
export type CoreLogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

/** Who wrote a log line: a function (`user`), or the library and the host (`system`). */
export type CoreLogCategory = 'user' | 'system' | 'customMetric';

/** A value as the Functions host and its worker exchange it; exactly one property is set. */
export interface RpcTypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  http?: RpcHttpData;
  int?: number;
  double?: number;
}

/** An HTTP request or response as the Functions host and its worker exchange it. */
export interface RpcHttpData {
  method?: string;
  url?: string;
  body?: RpcTypedData | null;
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: RpcHttpCookie[];
  nullableHeaders?: Record<string, { value: string }>;
  nullableParams?: Record<string, { value: string }>;
  nullableQuery?: Record<string, { value: string }>;
}

/** A cookie that a function sets. */
export interface RpcHttpCookie {
  name: string;
  value: string;
  domain?: { value: string } | undefined;
  path?: { value: string } | undefined;
  expires?: { value: { seconds: number } } | undefined;
  secure?: { value: boolean } | undefined;
  httpOnly?: { value: boolean } | undefined;
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  maxAge?: { value: number } | undefined;
}

/** One trigger, input or output of a function. */
export interface BindingInfo extends Record<string, unknown> {
  type?: string;
  direction?: string;
}

/** What `@azure/functions` says about a function when it registers it. */
export interface FunctionMetadata {
  name: string;
  bindings: Record<string, BindingInfo>;
}

/** A function's handler: the trigger's value comes first, the context last. */
export type FunctionCallback = (...args: unknown[]) => unknown;

/** A hook's handler; it may change the context that it is given. */
export type HookCallback = (context: Record<string, unknown>) => unknown;

/** One invocation as the host hands it to the programming model. */
export interface CoreInvocationContext {
  invocationId: string;
  metadata: FunctionMetadata;
  request: {
    invocationId: string;
    inputData: { name: string; data: RpcTypedData }[];
    triggerMetadata: Record<string, RpcTypedData>;
  };
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: CoreLogLevel, category: CoreLogCategory, message: string): void;
}

/** What the programming model makes of a function's result. */
export interface InvocationResponse {
  returnValue?: RpcTypedData | null;
}

/** The steps of one invocation, in this order. */
interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

/** The programming model that `@azure/functions` sets. */
export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}
