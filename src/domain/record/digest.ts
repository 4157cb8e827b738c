import { createHash } from 'node:crypto';
import type { VerdictSummaries } from './verdict.ts';

/** Fingerprint of what a registry's verdicts are and of the rule set that gave them. */
export function toDigest(verdicts: VerdictSummaries, ruleSet: string): string {
  return createHash('sha256').update(JSON.stringify({ verdicts, ruleSet })).digest('base64url').slice(0, 22);
}
