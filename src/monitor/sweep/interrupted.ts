import type { Run, SweepRecord } from '../ports/ports.ts';

/** That the process ends, and with it what runs: the reason of an aborted signal. */
export class Interruption extends Error {
  override readonly name = 'Interruption';

  constructor() {
    super('interrupted');
  }
}

/** Whether a run is over because its process ends. */
export function isCutOff({ signal }: Pick<Run, 'signal'>): boolean {
  return signal.reason instanceof Interruption;
}

/** Time that a sweep may take to end after its time is over, in milliseconds. */
const grace = 300_000;

/** A sweep that was cut off before its end: what it did not come to is not confirmed. */
export function toInterrupted(record: SweepRecord): SweepRecord {
  return { ...record, outcome: 'partial', interrupted: true };
}

/** Whether a sweep has no end though the longest time for one is over: its process was killed. */
export function isInterrupted({ startedAt, endedAt }: SweepRecord, sweepTimeout: number, now: Date): boolean {
  return !endedAt && now.getTime() - Date.parse(startedAt) > sweepTimeout + grace;
}
