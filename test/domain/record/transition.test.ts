import { describe, expect, it } from 'vitest';
import type { Finding, FindingStatus, Transition } from '../../../src/domain/record/finding.ts';
import { decideClosing, decideTransitions } from '../../../src/domain/record/transition.ts';
import type { Outcome, Verdict, VerdictSummary } from '../../../src/domain/record/verdict.ts';

const before = '2026-08-01T06:00:00.000Z';
const at = '2026-08-02T06:00:00.000Z';
const evidence = (seen: string) => ({ values: { seen }, read: [] });
const reasons: Record<Outcome, string> = {
  pass: 'purge_protection_on',
  fail: 'purge_protection_off',
  unknown: 'key_holder_unreadable',
  notApplicable: 'key_holder_absent',
};

function toVerdict(outcome: Outcome, reason = reasons[outcome]): Verdict {
  return { rule: 'kv_nopurgeprotection', severity: 'high', outcome, reason, evidence: evidence('now') };
}

function toFinding(status: FindingStatus, fields: Partial<Finding> = {}): Finding {
  const since = before;
  return {
    rule: 'kv_nopurgeprotection',
    severity: 'high',
    status,
    reason: reasons.fail,
    firstSeen: before,
    since,
    evidence: evidence('before'),
    ...fields,
  };
}

function decide(finding: Finding | undefined, last: VerdictSummary | undefined, verdict: Verdict) {
  const verdicts = last ? { [verdict.rule]: last } : {};
  return decideTransitions({ verdicts, findings: finding ? [finding] : [] }, [verdict], at);
}

type Status = FindingStatus | 'none';
type Last = Outcome | 'none';
/** Transitions in order, and what the finding's status is afterwards. */
type Row = [Status, Last, Outcome, Transition['transition'][], Status];

const table: Row[] = [
  ['none', 'none', 'pass', [], 'none'],
  ['none', 'none', 'fail', ['opened'], 'open'],
  ['none', 'none', 'unknown', ['obscured'], 'none'],
  ['none', 'none', 'notApplicable', [], 'none'],
  ['none', 'pass', 'pass', [], 'none'],
  ['none', 'pass', 'fail', ['opened'], 'open'],
  ['none', 'pass', 'unknown', ['obscured'], 'none'],
  ['none', 'pass', 'notApplicable', [], 'none'],
  ['none', 'fail', 'pass', [], 'none'],
  ['none', 'fail', 'fail', ['opened'], 'open'],
  ['none', 'fail', 'unknown', ['obscured'], 'none'],
  ['none', 'fail', 'notApplicable', [], 'none'],
  ['none', 'unknown', 'pass', ['revealed'], 'none'],
  ['none', 'unknown', 'fail', ['revealed', 'opened'], 'open'],
  ['none', 'unknown', 'unknown', [], 'none'],
  ['none', 'unknown', 'notApplicable', ['revealed'], 'none'],
  ['none', 'notApplicable', 'pass', [], 'none'],
  ['none', 'notApplicable', 'fail', ['opened'], 'open'],
  ['none', 'notApplicable', 'unknown', ['obscured'], 'none'],
  ['none', 'notApplicable', 'notApplicable', [], 'none'],

  ['open', 'none', 'pass', ['resolved'], 'resolved'],
  ['open', 'none', 'fail', [], 'open'],
  ['open', 'none', 'unknown', ['obscured'], 'open'],
  ['open', 'none', 'notApplicable', ['resolved'], 'resolved'],
  ['open', 'pass', 'pass', ['resolved'], 'resolved'],
  ['open', 'pass', 'fail', [], 'open'],
  ['open', 'pass', 'unknown', ['obscured'], 'open'],
  ['open', 'pass', 'notApplicable', ['resolved'], 'resolved'],
  ['open', 'fail', 'pass', ['resolved'], 'resolved'],
  ['open', 'fail', 'fail', [], 'open'],
  ['open', 'fail', 'unknown', ['obscured'], 'open'],
  ['open', 'fail', 'notApplicable', ['resolved'], 'resolved'],
  ['open', 'unknown', 'pass', ['revealed', 'resolved'], 'resolved'],
  ['open', 'unknown', 'fail', ['revealed'], 'open'],
  ['open', 'unknown', 'unknown', [], 'open'],
  ['open', 'unknown', 'notApplicable', ['revealed', 'resolved'], 'resolved'],
  ['open', 'notApplicable', 'pass', ['resolved'], 'resolved'],
  ['open', 'notApplicable', 'fail', [], 'open'],
  ['open', 'notApplicable', 'unknown', ['obscured'], 'open'],
  ['open', 'notApplicable', 'notApplicable', ['resolved'], 'resolved'],

  ...(['resolved', 'closed'] as const).flatMap((status): Row[] => [
    [status, 'none', 'pass', [], status],
    [status, 'none', 'fail', ['reopened'], 'open'],
    [status, 'none', 'unknown', ['obscured'], status],
    [status, 'none', 'notApplicable', [], status],
    [status, 'pass', 'pass', [], status],
    [status, 'pass', 'fail', ['reopened'], 'open'],
    [status, 'pass', 'unknown', ['obscured'], status],
    [status, 'pass', 'notApplicable', [], status],
    [status, 'fail', 'pass', [], status],
    [status, 'fail', 'fail', ['reopened'], 'open'],
    [status, 'fail', 'unknown', ['obscured'], status],
    [status, 'fail', 'notApplicable', [], status],
    [status, 'unknown', 'pass', ['revealed'], status],
    [status, 'unknown', 'fail', ['revealed', 'reopened'], 'open'],
    [status, 'unknown', 'unknown', [], status],
    [status, 'unknown', 'notApplicable', ['revealed'], status],
    [status, 'notApplicable', 'pass', [], status],
    [status, 'notApplicable', 'fail', ['reopened'], 'open'],
    [status, 'notApplicable', 'unknown', ['obscured'], status],
    [status, 'notApplicable', 'notApplicable', [], status],
  ]),

  ...(['none', 'pass', 'fail', 'notApplicable'] as const).flatMap((last): Row[] => [
    ['exempted', last, 'pass', [], 'exempted'],
    ['exempted', last, 'fail', [], 'exempted'],
    ['exempted', last, 'unknown', ['obscured'], 'exempted'],
    ['exempted', last, 'notApplicable', [], 'exempted'],
  ]),
  ['exempted', 'unknown', 'pass', ['revealed'], 'exempted'],
  ['exempted', 'unknown', 'fail', ['revealed'], 'exempted'],
  ['exempted', 'unknown', 'unknown', [], 'exempted'],
  ['exempted', 'unknown', 'notApplicable', ['revealed'], 'exempted'],
];

describe('the table of transitions', () => {
  it('has every combination once', () => {
    const combinations = table.map(([status, last, outcome]) => `${status} ${last} ${outcome}`);
    expect(new Set(combinations).size).toBe(combinations.length);
    expect(combinations).toHaveLength(5 * 5 * 4);
  });

  it.each(table)('a finding %s, last %s, now %s: %j, then %s', (status, last, outcome, transitions, then) => {
    const finding = status === 'none' ? undefined : toFinding(status);
    const summary = last === 'none' ? undefined : { outcome: last, reason: reasons[last] };
    const decision = decide(finding, summary, toVerdict(outcome));
    expect(decision.transitions).toEqual(
      transitions.map((transition) => ({
        rule: 'kv_nopurgeprotection',
        severity: 'high',
        transition,
        ...(finding ? { previousStatus: status } : {}),
        reason: reasons[outcome],
      })),
    );
    const [next = finding] = decision.findings;
    expect(next?.status ?? 'none').toBe(then);
    expect(next?.since).toBe(next && status !== then ? at : finding?.since);
    expect(next?.firstSeen).toBe(finding?.firstSeen ?? next?.firstSeen);
  });
});

describe('a finding', () => {
  const failed = { outcome: 'fail', reason: reasons.fail } as const;
  const unknown = { outcome: 'unknown', reason: reasons.unknown } as const;

  it('that opens tells since when, why and by what', () => {
    expect(decide(undefined, undefined, toVerdict('fail')).findings).toEqual([
      toFinding('open', { firstSeen: at, since: at, evidence: evidence('now') }),
    ]);
  });

  it('that opens again remembers when it was first seen', () => {
    const { findings } = decide(toFinding('resolved'), undefined, toVerdict('fail'));
    expect(findings).toMatchObject([{ status: 'open', firstSeen: before, since: at }]);
  });

  it('is not written when its verdict did not change', () => {
    expect(decide(toFinding('open'), failed, toVerdict('fail'))).toEqual({ findings: [], transitions: [] });
  });

  it('takes a new reason and its evidence without a transition', () => {
    const decision = decide(toFinding('open'), failed, toVerdict('fail', 'soft_delete_off'));
    expect(decision).toEqual({
      findings: [toFinding('open', { reason: 'soft_delete_off', evidence: evidence('now') })],
      transitions: [],
    });
  });

  it('takes the severity that its rule has now', () => {
    const verdict = { ...toVerdict('fail', 'soft_delete_off'), severity: 'critical' as const };
    expect(decide(toFinding('open'), failed, verdict).findings).toMatchObject([{ severity: 'critical' }]);
  });

  it('notes since when nothing can be told of it, and keeps what was known', () => {
    const { findings } = decide(toFinding('open'), failed, toVerdict('unknown'));
    expect(findings).toEqual([toFinding('open', { unknownSince: at })]);
  });

  it('keeps the beginning of its obscurity when the reason for it changes', () => {
    const obscured = toFinding('open', { unknownSince: before });
    const decision = decide(obscured, unknown, toVerdict('unknown', 'key_holder_not_visible'));
    expect(decision).toEqual({ findings: [obscured], transitions: [] });
  });

  it.each(['open', 'resolved', 'exempted', 'closed'] as const)(
    'that is %s is no longer obscure once it can be told of',
    (status) => {
      const obscured = toFinding(status, { unknownSince: before });
      for (const outcome of ['pass', 'fail', 'notApplicable'] as const) {
        const [finding] = decide(obscured, unknown, toVerdict(outcome)).findings;
        expect(finding).toBeDefined();
        expect(finding).not.toHaveProperty('unknownSince');
      }
    },
  );

  it('belongs to its rule alone', () => {
    const other = { ...toVerdict('fail'), rule: 'kv_missing', severity: 'critical' as const };
    const previous = {
      verdicts: { kv_nopurgeprotection: failed, kv_missing: { outcome: 'pass' as const, reason: 'found' } },
      findings: [toFinding('open')],
    };
    const { findings, transitions } = decideTransitions(previous, [toVerdict('pass'), other], at);
    expect(findings.map(({ rule, status }) => [rule, status])).toEqual([
      ['kv_nopurgeprotection', 'resolved'],
      ['kv_missing', 'open'],
    ]);
    expect(transitions.map(({ rule, transition }) => [rule, transition])).toEqual([
      ['kv_nopurgeprotection', 'resolved'],
      ['kv_missing', 'opened'],
    ]);
  });
});

describe('closing', () => {
  const closing = { reason: 'registry_gone', evidence: evidence('gone'), at };

  it.each(['open', 'exempted'] as const)('closes a finding that is %s', (status) => {
    const { findings, transitions } = decideClosing([toFinding(status, { unknownSince: before })], closing);
    expect(findings).toEqual([
      toFinding('closed', { since: at, reason: 'registry_gone', evidence: evidence('gone') }),
    ]);
    expect(transitions).toEqual([
      {
        rule: 'kv_nopurgeprotection',
        severity: 'high',
        transition: 'closed',
        previousStatus: status,
        reason: 'registry_gone',
      },
    ]);
  });

  it.each(['resolved', 'closed'] as const)('leaves a finding that is %s', (status) => {
    expect(decideClosing([toFinding(status)], closing)).toEqual({ findings: [], transitions: [] });
  });
});
