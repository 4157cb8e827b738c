import { expect } from 'vitest';
import { remedyOf } from './cases.ts';
import { type Likeness, plainPosture, postureOf } from './postures.ts';
import { given, runScript } from './tools.ts';

/** The calls of a remedy's script, each as one line. */
export function callsOf(rule: string, likeness: Likeness = {}, reason?: string): string[] {
  const posture = rule === 'acr_nocmk' ? plainPosture() : postureOf(likeness);
  const { status, stderr, calls } = runScript(remedyOf(rule, posture, reason).az, given);
  expect(`${stderr}${status}`).toBe('0');
  return calls.map((call) => call.join(' '));
}

/** Asserts that calls that begin with these words come, in this order. */
export function expectOrder(calls: readonly string[], ...beginnings: readonly string[]): void {
  let after = -1;
  for (const beginning of beginnings) {
    const at = calls.findIndex((call, index) => index > after && call.startsWith(beginning));
    expect(at, `${beginning} after call ${after} of\n${calls.join('\n')}`).toBeGreaterThan(after);
    after = at;
  }
}
