import type { Run } from './ports.ts';

/** Starts a run that has to end within the given time, in milliseconds. */
export function startRun(limit: number): Run {
  return { signal: AbortSignal.timeout(limit), calls: 0, rowsWritten: 0 };
}

/** Waits for a promise, but not beyond the time of the run. */
export async function waitWithin({ signal }: Run, promise: Promise<unknown>): Promise<void> {
  if (signal.aborted) return;
  const over = Promise.withResolvers<void>();
  const end = () => over.resolve();
  signal.addEventListener('abort', end, { once: true });
  await Promise.race([promise, over.promise]).finally(() => signal.removeEventListener('abort', end));
}

/** What went wrong, in one line for a log or a row. */
export function toReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').slice(0, 500);
}
