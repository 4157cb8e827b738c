import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toDigest } from '../../../src/domain/record/digest.ts';
import {
  type Evidence,
  type Outcome,
  toSummaries,
  type Verdict,
} from '../../../src/domain/record/verdict.ts';

const outcomes: Outcome[] = ['pass', 'fail', 'unknown', 'notApplicable'];
const verdicts = fc.uniqueArray(
  fc.record({
    rule: fc.stringMatching(/^[a-z_]{1,12}$/),
    severity: fc.constant('high' as const),
    outcome: fc.constantFrom(...outcomes),
    reason: fc.constantFrom('reason_a', 'reason_b'),
    evidence: fc.constant<Evidence>({ values: {}, read: [] }),
  }),
  { selector: ({ rule }) => rule, minLength: 1, maxLength: 8 },
);
const digest = (all: readonly Verdict[], ruleSet = '1') => toDigest(toSummaries(all), ruleSet, []);

it('a digest does not depend on the order of the verdicts', () => {
  const shuffled = verdicts.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, ([all, others]) => {
      expect(digest(others)).toBe(digest(all));
    }),
  );
});

it('a digest changes with every outcome, every reason and with the rule set', () => {
  fc.assert(
    fc.property(verdicts, fc.nat(), (all, at) => {
      const change = (changed: Partial<Verdict>) =>
        all.map((verdict, index) => (index === at % all.length ? { ...verdict, ...changed } : verdict));
      const { outcome } = all[at % all.length] as Verdict;
      const other = outcomes.find((one) => one !== outcome) as Outcome;
      const digests = [
        digest(all),
        digest(change({ outcome: other })),
        digest(change({ reason: 'reason_c' })),
        digest(all, '2'),
      ];
      expect(new Set(digests).size).toBe(4);
    }),
  );
});

it('a digest does not depend on evidence and severity', () => {
  fc.assert(
    fc.property(verdicts, (all) => {
      const others = all.map((verdict) => ({
        ...verdict,
        severity: 'low' as const,
        evidence: { values: { 'sku.name': 'Basic' }, read: [] },
      }));
      expect(digest(others)).toBe(digest(all));
    }),
  );
});
