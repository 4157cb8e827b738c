/** What keeps a sink that does not answer from taking the time of all deliveries. */
export interface Breaker {
  /** Whether a delivery may be tried now. */
  admits(): boolean;
  /** Notes whether a delivery hung until it failed; true when this is what holds the sink back. */
  note(hasHung: boolean): boolean;
}

/** Deliveries that hang in a row after which a sink is held back. */
const hangsAllowed = 3;
/** Time between the single tries of a sink that is held back, in milliseconds. */
const probeEvery = 60_000;

/** Builds a breaker: after several deliveries that hung in a row it lets one a minute through, until one is answered. */
export function createBreaker(now: () => Date): Breaker {
  let hangs = 0;
  let heldUntil = 0;
  return { admits, note };

  function admits(): boolean {
    if (hangs < hangsAllowed) return true;
    const time = now().getTime();
    if (time < heldUntil) return false;
    heldUntil = time + probeEvery;
    return true;
  }

  function note(hasHung: boolean): boolean {
    hangs = hasHung ? hangs + 1 : 0;
    if (hangs >= hangsAllowed) heldUntil = now().getTime() + probeEvery;
    return hangs === hangsAllowed;
  }
}
