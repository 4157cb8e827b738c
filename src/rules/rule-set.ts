import { type Posture, type PosturePart, toReadings } from '../domain/estate/posture.ts';
import type { Verdict } from '../domain/record/verdict.ts';
import { catalog } from './catalog.ts';
import type { Rule, Thresholds } from './rule.ts';

/** Thresholds where configuration names no others. */
export const defaultThresholds: Thresholds = {
  keyExpiryWarningDays: 30,
  softDeleteMinDays: 90,
  keyMaxAgeDays: 365,
  keyMinBits: 3072,
};

/** Which rules are evaluated, and from where on they fail. */
export interface RuleOptions {
  /** Rules that are off by default, or `all`. */
  enabled?: readonly string[];
  disabled?: readonly string[];
  thresholds?: Thresholds;
}

/** The rules of one configuration. */
export interface RuleSet {
  /** Part of every digest, so that a registry is assessed again when rules or thresholds change. */
  name: string;
  rules: readonly Rule[];
  /** Whether a rule looks at a part of the posture. */
  needs(part: PosturePart): boolean;
  /** Runs all rules on a posture. */
  evaluate(posture: Posture, now: Date): Verdict[];
}

/** Goes up when a rule judges otherwise than before. */
const version = 2;

/** Builds the rules that configuration asks for. */
export function createRuleSet({
  enabled = [],
  disabled = [],
  thresholds = defaultThresholds,
}: RuleOptions = {}): RuleSet {
  const isOn = ({ id, isOffByDefault }: Rule) =>
    !disabled.includes(id) && (!isOffByDefault || enabled.includes(id) || enabled.includes('all'));
  const rules = catalog.filter(isOn);
  const parts = new Set(rules.flatMap(({ reads }) => reads));
  const name = `${version}:${rules.map(({ id }) => id).join(',')}:${Object.values(thresholds).join(',')}`;
  return { name, rules, needs: (part) => parts.has(part), evaluate };

  function evaluate(posture: Posture, now: Date): Verdict[] {
    return rules.map((rule) => {
      const { outcome, reason, values } = rule.judge(posture, { now, thresholds });
      return {
        rule: rule.id,
        severity: rule.severity,
        outcome,
        reason,
        evidence: { values: toKnown(values), read: toReadings(posture, rule.reads) },
      };
    });
  }
}

/** Drops what Azure left out: its absence shows by its absence. */
function toKnown(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
