import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Finding, Transition } from '../../../src/domain/record/finding.ts';
import { decideClosing, decideTransitions } from '../../../src/domain/record/transition.ts';
import {
  type Evidence,
  type Outcome,
  toSummaries,
  type Verdict,
  type VerdictSummaries,
} from '../../../src/domain/record/verdict.ts';

interface State {
  verdicts: VerdictSummaries;
  findings: Finding[];
}

const rules = ['acr_nocmk', 'kv_missing', 'kv_nopurgeprotection'];
const nothing: State = { verdicts: {}, findings: [] };

const assessments = fc.array(
  fc.tuple(
    ...rules.map((rule) =>
      fc.record({
        rule: fc.constant(rule),
        severity: fc.constant('high' as const),
        outcome: fc.constantFrom<Outcome[]>('pass', 'fail', 'unknown', 'notApplicable'),
        reason: fc.constantFrom('reason_a', 'reason_b'),
        evidence: fc.constant<Evidence>({ values: {}, read: [] }),
      }),
    ),
  ),
  { minLength: 1, maxLength: 12 },
);

/** A state as a sequence of assessments leaves it, with the transitions on the way. */
function run(sequence: readonly Verdict[][], start = nothing): State & { transitions: Transition[] } {
  const transitions: Transition[] = [];
  let state = start;
  for (const [day, verdicts] of sequence.entries()) {
    const at = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
    const decision = decideTransitions(state, verdicts, at);
    transitions.push(...decision.transitions);
    state = { verdicts: toSummaries(verdicts), findings: write(state.findings, decision.findings) };
  }
  return { ...state, transitions };
}

function write(findings: readonly Finding[], written: readonly Finding[]): Finding[] {
  return [...new Map([...findings, ...written].map((finding) => [finding.rule, finding])).values()];
}

function statusOf({ findings }: State, rule: string) {
  return findings.find((finding) => finding.rule === rule)?.status;
}

/** Some findings are exempted along the way, as an operator would do it. */
function exempt(state: State): State {
  const findings = state.findings.map((finding, index) =>
    finding.status === 'open' && index % 2 === 0 ? { ...finding, status: 'exempted' as const } : finding,
  );
  return { ...state, findings };
}

const check = (property: (sequence: Verdict[][]) => void) =>
  fc.assert(fc.property(assessments, property), { numRuns: 300 });

it('the same verdicts again change nothing and write nothing', () => {
  check((sequence) => {
    const last = sequence.at(-1) as Verdict[];
    for (const state of [run(sequence), exempt(run(sequence))]) {
      const again = decideTransitions(state, last, '2027-01-01T00:00:00.000Z');
      expect(again).toEqual({ findings: [], transitions: [] });
    }
  });
});

it('a verdict that is unknown never changes a status, and says so at most once', () => {
  check((sequence) => {
    for (const before of [run(sequence), exempt(run(sequence))]) {
      const unknown = rules.map((rule) => ({
        rule,
        severity: 'high' as const,
        outcome: 'unknown' as const,
        reason: 'key_holder_unreadable',
        evidence: { values: {}, read: [] },
      }));
      const after = run([unknown, unknown], before);
      for (const rule of rules) {
        expect(statusOf(after, rule)).toBe(statusOf(before, rule));
        const said = after.transitions.filter((transition) => transition.rule === rule);
        const wasUnknown = before.verdicts[rule]?.outcome === 'unknown';
        expect(said.map(({ transition }) => transition)).toEqual(wasUnknown ? [] : ['obscured']);
      }
    }
  });
});

it('a finding is open exactly when the last verdict that was not unknown was a failure', () => {
  check((sequence) => {
    const state = run(sequence);
    for (const rule of rules) {
      const outcomes = sequence.map((all) => all.find((verdict) => verdict.rule === rule)?.outcome);
      const last = outcomes.findLast((outcome) => outcome !== 'unknown');
      expect(statusOf(state, rule) === 'open').toBe(last === 'fail');
      expect(statusOf(state, rule) !== undefined).toBe(outcomes.includes('fail'));
    }
  });
});

it('a finding is obscure exactly while its verdict is unknown', () => {
  check((sequence) => {
    const state = run(sequence);
    for (const finding of state.findings) {
      expect(finding.unknownSince !== undefined).toBe(state.verdicts[finding.rule]?.outcome === 'unknown');
    }
  });
});

it('transitions of a rule alternate: opened once, then resolved and reopened by turns; obscured and revealed by turns', () => {
  check((sequence) => {
    const { transitions } = run(sequence);
    for (const rule of rules) {
      const told = transitions.filter((transition) => transition.rule === rule).map((one) => one.transition);
      const status = told.filter((one) => one !== 'obscured' && one !== 'revealed').join(' ');
      const sight = told.filter((one) => one === 'obscured' || one === 'revealed').join(' ');
      expect(status).toMatch(/^(opened( resolved reopened)*( resolved)?)?$/);
      expect(sight).toMatch(/^(obscured( revealed obscured)*( revealed)?)?$/);
    }
  });
});

it('closing closes what is open or exempted and nothing else, and doing it again closes nothing', () => {
  check((sequence) => {
    const closing = {
      reason: 'registry_gone',
      evidence: { values: {}, read: [] },
      at: '2027-01-01T00:00:00.000Z',
    };
    for (const { findings } of [run(sequence), exempt(run(sequence))]) {
      const closed = decideClosing(findings, closing);
      const unsettled = findings.filter(({ status }) => status === 'open' || status === 'exempted');
      expect(closed.findings.map(({ rule }) => rule)).toEqual(unsettled.map(({ rule }) => rule));
      expect(closed.transitions.map(({ previousStatus }) => previousStatus)).toEqual(
        unsettled.map(({ status }) => status),
      );
      const after = write(findings, closed.findings);
      expect(after.every(({ status }) => status === 'closed' || status === 'resolved')).toBe(true);
      expect(decideClosing(after, closing)).toEqual({ findings: [], transitions: [] });
    }
  });
});
