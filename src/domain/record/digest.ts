import { createHash } from 'node:crypto';
import type { VerdictSummaries } from './verdict.ts';

/** Fingerprint of what a registry's verdicts are, of the rule set that gave them, and of what the registry hangs on. */
export function toDigest(verdicts: VerdictSummaries, ruleSet: string, footing: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify({ verdicts, ruleSet, footing }))
    .digest('base64url')
    .slice(0, 22);
}
