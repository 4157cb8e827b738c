import type { Posture } from '../domain/posture.ts';
import type { Outcome, Severity } from '../domain/verdict.ts';

/** What one rule makes of a posture, with the facts it rests on. */
export interface Judgement {
  outcome: Outcome;
  /** Stable snake_case code. */
  reason: string;
  /** Facts by the name of the field in Azure's body. */
  values: Record<string, unknown>;
}

/** One check. */
export interface Rule {
  id: string;
  severity: Severity;
  title: string;
  /** How to mend it, in one or two sentences. */
  remedy: string;
  /** Which reads the verdict rests on. */
  reads: 'registry' | 'keyHolder';
  judge(posture: Posture): Judgement;
}
