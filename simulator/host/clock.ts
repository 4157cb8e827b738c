/** The time, and a way to be called later; tests bring their own. */
export interface Clock {
  now(): Date;
  /** Calls `run` once after that many milliseconds, and returns a function that prevents it. */
  schedule(milliseconds: number, run: () => void): () => void;
}

/** The longest delay that `setTimeout` takes, in milliseconds; a longer one would fire at once. */
export const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The machine's clock; what waits for it keeps no process alive, as the host's server does that. */
export const systemClock: Clock = {
  now: () => new Date(),
  schedule(milliseconds, run) {
    const timeout = setTimeout(run, milliseconds).unref();
    return () => clearTimeout(timeout);
  },
};
