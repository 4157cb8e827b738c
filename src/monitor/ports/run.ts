import type { Log, Run } from './ports.ts';

/** How a use case is started. */
export interface Start {
  log: Log;
  /** Ends it before its time. */
  signal?: AbortSignal;
}

/** Does some work within the given time, in milliseconds, and waits for its deliveries as far as the time allows. */
export async function withRun<T>(limit: number, start: Start, work: (run: Run) => Promise<T>): Promise<T> {
  const run = startRun(limit, start);
  try {
    return await work(run);
  } finally {
    await endRun(run);
  }
}

/** Starts a run of the given longest time, in milliseconds; {@link withRun} also waits for its deliveries. */
export function startRun(limit: number, { log, signal }: Start): Run {
  const time = AbortSignal.timeout(limit);
  return {
    log,
    signal: signal ? AbortSignal.any([signal, time]) : time,
    calls: 0,
    rowsWritten: 0,
    deliveries: [],
  };
}

/** Waits for a run's deliveries, but not beyond its time. What is not settled by then is repeated after its lease. */
export async function endRun(run: Run): Promise<void> {
  await waitWithin(run, Promise.all(run.deliveries));
}

/** Waits for some work of a run, but not beyond its time. */
export async function waitWithin({ signal }: Pick<Run, 'signal'>, work: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const end = () => over.resolve();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  await Promise.race([work, over.promise]).finally(() => signal.removeEventListener('abort', end));
}

/** What went wrong, in one line for a log or a row. */
export function toReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').slice(0, 500);
}
