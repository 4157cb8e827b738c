import { ArmFailure } from './arm-failure.ts';

/** Something that was not done, and why. */
interface Undone {
  what: string;
  reason: string;
}

/** Tells each step as it is done, and keeps what could not be. */
export interface Progress {
  /** Does a step under a name; one that fails is told and kept, and does not stop the next. */
  attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined>;
  /** Tells something that stays as it is, which is no failure. */
  leave(what: string, reason: string): void;
  failures: readonly Undone[];
  left: readonly Undone[];
}

/** Tells progress by lines. */
export function createProgress(tell: (line: string) => void): Progress {
  const failures: Undone[] = [];
  const left: Undone[] = [];
  return { attempt, leave, failures, left };

  async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await work();
      tell(`- ${what}${typeof done === 'string' ? `: ${done}` : ''}`);
      return done;
    } catch (error) {
      if (!(error instanceof ArmFailure)) throw error;
      failures.push({ what, reason: error.message });
      tell(`- ${what}: failed: ${error.message}`);
      return undefined;
    }
  }

  function leave(what: string, reason: string): void {
    left.push({ what, reason });
    tell(`- ${what}: left: ${reason}`);
  }
}
