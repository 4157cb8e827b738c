import type { Run } from './ports.ts';

/** Does some work within the given time, in milliseconds, and waits for its deliveries as far as the time allows. */
export async function withRun<T>(limit: number, work: (run: Run) => Promise<T>): Promise<T> {
  const run = startRun(limit);
  try {
    return await work(run);
  } finally {
    await endRun(run);
  }
}

/** Starts a run of the given longest time, in milliseconds; {@link withRun} also waits for its deliveries. */
export function startRun(limit: number): Run {
  return { signal: AbortSignal.timeout(limit), calls: 0, rowsWritten: 0, deliveries: [] };
}

/** Waits for a run's deliveries, but not beyond its time. What is not settled by then is repeated after its lease. */
export async function endRun({ signal, deliveries }: Run): Promise<void> {
  if (signal.aborted) return;
  const over = Promise.withResolvers<void>();
  const end = () => over.resolve();
  signal.addEventListener('abort', end, { once: true });
  await Promise.race([Promise.all(deliveries), over.promise]).finally(() =>
    signal.removeEventListener('abort', end),
  );
}

/** What went wrong, in one line for a log or a row. */
export function toReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').slice(0, 500);
}
