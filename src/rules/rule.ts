import type { Posture, PosturePart } from '../domain/estate/posture.ts';
import type { Outcome, Severity } from '../domain/record/verdict.ts';

/** What one rule makes of a posture, with the facts it rests on. */
export interface Judgement {
  outcome: Outcome;
  /** Stable snake_case code, one of the rule's `reasons` or of {@link commonReasons}. */
  reason: string;
  /** Facts by the name of the field in Azure's body. */
  values: Record<string, unknown>;
}

/** From where on a rule fails. */
export interface Thresholds {
  /** Days before its expiry from which on a key counts as expiring. */
  keyExpiryWarningDays: number;
  /** Least days for which a key holder has to keep what is deleted. */
  softDeleteMinDays: number;
  /** Greatest age of a key version, in days. */
  keyMaxAgeDays: number;
  /** Least length of a key, in bits. */
  keyMinBits: number;
}

/** In which circumstances a rule judges. */
export interface JudgeContext {
  now: Date;
  thresholds: Thresholds;
}

/** One check. */
export interface Rule {
  id: string;
  severity: Severity;
  /** Evaluated only when it is switched on by configuration. */
  isOffByDefault?: true;
  title: string;
  /** What is looked at, in one to three sentences. */
  checks: string;
  /** Why it matters, in one to three sentences. */
  why: string;
  /** How to mend it, in one or two sentences. */
  remedy: string;
  /** Which reads the verdict rests on. */
  reads: readonly PosturePart[];
  /** The rule's own reason codes and what they mean. */
  reasons: Record<string, string>;
  /** Where the facts come from: public documentation. */
  links: readonly string[];
  judge(posture: Posture, context: JudgeContext): Judgement;
}
