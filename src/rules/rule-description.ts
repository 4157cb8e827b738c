import type { Severity } from '../domain/record/verdict.ts';
import type { Control } from './frameworks.ts';
import type { Rule } from './rule.ts';

/** A rule in words: what the API and the command line answer. */
export interface RuleDescription {
  id: string;
  severity: Severity;
  isOnByDefault: boolean;
  title: string;
  checks: string;
  why: string;
  remedy: string;
  /** Reason codes and what they mean; those that several rules share are told apart from these in the docs. */
  reasons: Readonly<Record<string, string>>;
  controls: readonly Control[];
  links: readonly string[];
}

/** Puts a rule into words. */
export function describeRule(rule: Rule): RuleDescription {
  const { id, severity, title, checks, why, remedy, reasons, links } = rule;
  return {
    id,
    severity,
    isOnByDefault: !rule.isOffByDefault,
    title,
    checks,
    why,
    remedy,
    reasons,
    controls: rule.controls ?? [],
    links,
  };
}
