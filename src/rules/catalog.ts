import { type Posture, toReadings } from '../domain/posture.ts';
import type { Verdict } from '../domain/verdict.ts';
import { acrNoCmk } from './acr-nocmk.ts';
import { kvMissing } from './kv-missing.ts';
import { kvNoPurgeProtection } from './kv-nopurgeprotection.ts';
import { kvNoSoftDelete } from './kv-nosoftdelete.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order in which they are shown. */
export const catalog: readonly Rule[] = [acrNoCmk, kvNoSoftDelete, kvNoPurgeProtection, kvMissing];

/** Name of the rule set: part of every digest, so that a registry is assessed again when the rules change. */
export const ruleSet = `1:${catalog.map(({ id }) => id).join(',')}`;

/** The rule of an id; undefined for an unknown one. */
export function findRule(id: string): Rule | undefined {
  return catalog.find((rule) => rule.id === id);
}

/** Runs all rules on a posture. */
export function evaluate(posture: Posture): Verdict[] {
  return catalog.map((rule) => {
    const { outcome, reason, values } = rule.judge(posture);
    const read = rule.reads === 'registry' ? [posture.registry.reading] : toReadings(posture);
    return {
      rule: rule.id,
      severity: rule.severity,
      outcome,
      reason,
      evidence: { values: toKnown(values), read },
    };
  });
}

/** Drops what Azure left out: its absence shows by its absence. */
function toKnown(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
