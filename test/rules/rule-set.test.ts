import { expect, it } from 'vitest';
import { toSummaries } from '../../src/domain/record/verdict.ts';
import { createRuleSet } from '../../src/rules/rule-set.ts';
import { allPostures } from './all-postures.ts';

it('says the same in short as at length, in the same order, of every posture', () => {
  const rules = createRuleSet({ enabled: ['all'] });
  const now = new Date('2026-08-01T10:00:00.000Z');
  for (const posture of allPostures) {
    const short = rules.summarise(posture, now);
    expect(JSON.stringify(short)).toBe(JSON.stringify(toSummaries(rules.evaluate(posture, now))));
  }
});
