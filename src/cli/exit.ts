/** What the command line's exit codes mean. */
export const exitCodes = { done: 0, openFindings: 1, wrongUse: 2, notAllRead: 3 } as const;

/** A use of the command line that can't be carried out: it is said in one line, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
