interface Fault {
  name?: unknown;
  message?: unknown;
  statusCode?: unknown;
  code?: unknown;
  details?: { odataError?: { code?: unknown; message?: { value?: unknown } } };
}

/** What Table Storage answered instead of success. */
export interface StoreAnswer {
  table: string;
  operation: string;
  statusCode: number | undefined;
  /** Azure's word for it, or Node's for a connection that failed. */
  code: string | undefined;
}

/** A call to Table Storage that failed; its message names table, operation and answer, and no address. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly answer: StoreAnswer;

  constructor(answer: StoreAnswer, reason: string, cause: unknown) {
    const status = [answer.statusCode, answer.code].filter(Boolean).join(' ');
    const told = status ? ` (${status})` : '';
    super(`Table "${answer.table}": ${answer.operation} failed${told}: ${reason}`, { cause });
    this.answer = answer;
  }
}

/** Says which call failed and why; `timeout` is how long a call may take, in milliseconds. */
export function toStoreFailure(
  cause: unknown,
  where: { table: string; operation: string; timeout: number },
): StoreFailure {
  const fault = (cause ?? {}) as Fault;
  const { table, operation, timeout } = where;
  const answer = {
    table,
    operation,
    statusCode: typeof fault.statusCode === 'number' ? fault.statusCode : undefined,
    code: toText(fault.details?.odataError?.code) ?? toText(fault.code),
  };
  const isLate = fault.name === 'AbortError' || fault.name === 'TimeoutError';
  return new StoreFailure(answer, isLate ? `no answer within ${timeout / 1000} s` : toReason(fault), cause);
}

/** Whether an error is this answer of Table Storage, and not something on the way that answered with the same status. */
export function isAnswer(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StoreFailure && codes.includes(error.answer.code ?? '');
}

/** Whether a row is not, or no longer, in the version that a conditional call named. */
export function isStale(error: unknown): boolean {
  const isConditionFailed = error instanceof StoreFailure && error.answer.statusCode === 412;
  return isConditionFailed || isAnswer(error, 'ResourceNotFound', 'EntityNotFound', 'TableNotFound');
}

/** Whether an answer refuses what was asked, rather than failing at it: asked otherwise it may be granted. */
export function isRefused(error: unknown): boolean {
  const status = error instanceof StoreFailure ? (error.answer.statusCode ?? 0) : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function toReason(fault: Fault): string {
  const text =
    toText(fault.details?.odataError?.message?.value) ?? toText(fault.message) ?? 'no reason given';
  const [line = text] = text.split('\n');
  return line.replace(/\bhttps?:\/\/\S+/g, 'the table service').slice(0, 500);
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
