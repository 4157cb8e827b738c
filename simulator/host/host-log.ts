import type { CoreLogCategory, CoreLogLevel } from './functions-core-types.ts';

/** One line of the local host's log. */
export interface HostLogLine {
  level: CoreLogLevel;
  /** The function's name, or `host`. */
  category: string;
  /** `user` for what a function logged, `system` for the host and the library. */
  source: CoreLogCategory;
  message: string;
  invocationId?: string;
  /** What a failed function threw. */
  error?: unknown;
}

/** Takes the local host's log, line by line. */
export type HostLog = (line: HostLogLine) => void;

/** Writes a line of the host's own about a function, or about itself. */
export function logSystem(log: HostLog, level: CoreLogLevel, category: string, message: string): void {
  log({ level, category, source: 'system', message });
}

/** An error's message, or whatever was thrown as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
