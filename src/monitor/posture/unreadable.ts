import type { Reading } from '../../domain/estate/reading.ts';
import type { ArmAnswer } from '../ports/azure-ports.ts';

/** What can't be read, why, and which action the monitor's role lacks for it. */
export interface Unreadable<Reason> {
  state: 'unreadable';
  reason: Reason;
  missingAction?: string;
  readings: Reading[];
}

/** Turns an answer without a value into a lasting reason not to know: a 403 names the action that is missing. */
export function toUnreadable<Forbidden extends string, Otherwise extends string>(
  { state, reading }: Exclude<ArmAnswer<unknown>, { state: 'found' }>,
  { forbidden, otherwise, action }: { forbidden: Forbidden; otherwise: Otherwise; action: string },
): Unreadable<Forbidden | Otherwise> {
  const readings = [reading];
  return state === 'forbidden'
    ? { state: 'unreadable', reason: forbidden, missingAction: action, readings }
    : { state: 'unreadable', reason: otherwise, readings };
}
