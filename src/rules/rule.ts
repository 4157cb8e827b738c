import type { Posture, PosturePart } from '../domain/estate/posture.ts';
import type { Outcome, Severity } from '../domain/record/verdict.ts';
import type { PlanRemedy } from '../remedy/plan.ts';
import type { Control } from './frameworks.ts';

/** What one rule makes of a posture, with the facts it rests on. */
export interface Judgement {
  outcome: Outcome;
  /** Stable snake_case code, one of the rule's `reasons` or of {@link commonReasons}. */
  reason: string;
  /** Facts by the name of the field in Azure's body. */
  values: Record<string, unknown>;
}

/** From where on a rule fails: a number that a setting may change. */
export interface Threshold {
  /** Name of the setting. */
  setting: string;
  default: number;
  from: number;
  to: number;
}

/** What a rule says where documentation and reports disagree: a word that a setting may change. */
export interface Choice<Word extends string = string> {
  /** Name of the setting. */
  setting: string;
  words: readonly Word[];
  default: Word;
}

/** In which circumstances a rule judges. */
export interface JudgeContext {
  now: Date;
  /** The number that a threshold has in this configuration. */
  toThreshold(threshold: Threshold): number;
  /** The word that a choice has in this configuration. */
  toChoice<Word extends string>(choice: Choice<Word>): Word;
}

/** One check: what it looks at, how it judges, and how to mend what it finds. */
export interface Rule<Id extends string = string> {
  id: Id;
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
  /** Controls that it supports, only where a published mapping says so; most rules have none. */
  controls?: readonly Control[];
  threshold?: Threshold;
  choice?: Choice;
  judge(posture: Posture, context: JudgeContext): Judgement;
  /** Plans how to mend what it fails on. */
  mend: PlanRemedy;
}

/** Defines a rule; its id stays a literal, so that what is listed by rule can't leave one out. */
export function defineRule<const Id extends string>(rule: Rule<Id>): Rule<Id> {
  return rule;
}
