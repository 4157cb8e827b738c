import type * as z from 'zod';

/** Settings that can't be used: all faults at once, each by the name of its setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`These settings can't be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** What is wrong with settings that were read, each by its name. */
export function toFaults(parsed: z.ZodSafeParseResult<unknown>): string[] {
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}
