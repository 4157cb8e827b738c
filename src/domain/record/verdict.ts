import type { Reading } from '../estate/reading.ts';

/** What a rule can say of a posture. */
export const outcomes = ['pass', 'fail', 'unknown', 'notApplicable'] as const;
/** What a rule says of a posture. */
export type Outcome = (typeof outcomes)[number];

/** Severities, worst first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
/** How bad a failing rule is. */
export type Severity = (typeof severities)[number];

/** Whether a severity is as bad as another one, or worse. */
export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(floor);
}

/** Facts that a verdict rests on, by the name of the field in Azure's body, and the reads they came from. */
export interface Evidence {
  values: Record<string, unknown>;
  read: Reading[];
}

/** One rule on one posture, in short. */
export interface VerdictSummary {
  outcome: Outcome;
  /** Stable snake_case code. */
  reason: string;
}

/** One rule on one posture. */
export interface Verdict extends VerdictSummary {
  rule: string;
  severity: Severity;
  evidence: Evidence;
}

/** Verdicts in short, by rule id. */
export type VerdictSummaries = Record<string, VerdictSummary>;

/** Whether some rule says one of these. */
export function hasOutcome(verdicts: VerdictSummaries, wanted: readonly Outcome[]): boolean {
  return Object.values(verdicts).some(({ outcome }) => wanted.includes(outcome));
}

/** Verdicts in short, by rule id, in the order of the rules' ids, so that equal verdicts are equal texts. */
export function toSummaries(verdicts: readonly Verdict[]): VerdictSummaries {
  const sorted = verdicts.toSorted((a, b) => (a.rule < b.rule ? -1 : 1));
  return Object.fromEntries(sorted.map(({ rule, outcome, reason }) => [rule, { outcome, reason }]));
}
