import { type Posture, type PosturePart, toReadings } from '../domain/estate/posture.ts';
import type { Verdict, VerdictSummaries } from '../domain/record/verdict.ts';
import { catalog } from './catalog.ts';
import type { Choice, Rule, Threshold } from './rule.ts';

/** Which rules are evaluated, and from where on they fail. */
export interface RuleOptions {
  /** Rules that are off by default, or `all`. */
  enabled?: readonly string[];
  disabled?: readonly string[];
  /** Thresholds other than the defaults, by the name of their setting. */
  thresholds?: Readonly<Record<string, number>>;
  /** Words other than the defaults, by the name of their setting. */
  choices?: Readonly<Record<string, string>>;
}

/** The rules of one configuration. */
export interface RuleSet {
  /** Part of every digest, so that a registry is assessed again when rules or thresholds change. */
  name: string;
  rules: readonly Rule[];
  /** Whether a rule looks at a part of the posture. */
  needs(part: PosturePart): boolean;
  /** Runs all rules on a posture but those that are held back. */
  evaluate(posture: Posture, now: Date): Verdict[];
  /** Rules that say nothing of a posture, as a read that they rest on failed. */
  listHeldBack(posture: Posture): string[];
  /** What they say in short, without the evidence: all that a comparison with what is stored needs. */
  summarise(posture: Posture, now: Date): VerdictSummaries;
}

/** Thresholds of all rules, in the order of the catalog. */
export const ruleThresholds: readonly Threshold[] = catalog.flatMap(({ threshold }: Rule) => threshold ?? []);

/** Choices of all rules, in the order of the catalog. */
export const ruleChoices: readonly Choice[] = catalog.flatMap(({ choice }: Rule) => choice ?? []);

/** Goes up when a rule judges otherwise than before. */
const version = 3;

/** Builds the rules that configuration asks for. */
export function createRuleSet({
  enabled = [],
  disabled = [],
  thresholds = {},
  choices = {},
}: RuleOptions = {}): RuleSet {
  const isOn = ({ id, isOffByDefault }: Rule) =>
    !disabled.includes(id) && (!isOffByDefault || enabled.includes(id) || enabled.includes('all'));
  const rules: Rule[] = catalog.filter(isOn);
  const parts = new Set(rules.flatMap(({ reads }) => reads));
  const toThreshold = ({ setting, default: usual }: Threshold) => thresholds[setting] ?? usual;
  const toChoice = <Word extends string>({ setting, words, default: usual }: Choice<Word>) =>
    words.find((word) => word === choices[setting]) ?? usual;
  const chosen = [...ruleThresholds.map(toThreshold), ...ruleChoices.map(toChoice)];
  const name = `${version}:${rules.map(({ id }) => id).join(',')}:${chosen.join(',')}`;
  const inOrder = rules.toSorted(({ id: a }, { id: b }) => (a < b ? -1 : 1));
  return { name, rules, needs: (part) => parts.has(part), evaluate, listHeldBack, summarise };

  function evaluate(posture: Posture, now: Date): Verdict[] {
    return rules.filter(isTold(posture)).map((rule) => {
      const { outcome, reason, values } = rule.judge(posture, { now, toThreshold, toChoice });
      return {
        rule: rule.id,
        severity: rule.severity,
        outcome,
        reason,
        evidence: { values: toKnown(values), read: toReadings(posture, rule.reads) },
      };
    });
  }

  function listHeldBack(posture: Posture): string[] {
    const told = isTold(posture);
    return rules.flatMap((rule) => (told(rule) ? [] : rule.id));
  }

  function summarise(posture: Posture, now: Date): VerdictSummaries {
    const said = inOrder.map(({ id, judge }) => {
      const { outcome, reason } = judge(posture, { now, toThreshold, toChoice });
      return [id, { outcome, reason }] as const;
    });
    return Object.fromEntries(said);
  }
}

function isTold({ failures }: Posture): (rule: Rule) => boolean {
  return ({ reads }) => !reads.some((part) => failures?.has(part));
}

/** Drops what Azure left out: its absence shows by its absence. */
function toKnown(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
