import type { Finding, Transition } from './finding.ts';
import type { Evidence, Verdict, VerdictSummaries, VerdictSummary } from './verdict.ts';

/** What a set of verdicts changes. */
export interface Decision {
  /** Findings to write: new ones and those with another status, reason or visibility. */
  findings: Finding[];
  transitions: Transition[];
}

interface RuleDecision {
  finding?: Finding;
  transitions: Transition[];
}

/**
 * Decides what happens to the findings of one registry.
 * What is open of a rule that is no longer on is closed.
 * `previous` is what is stored (nothing for a registry never seen before), `at` is ISO 8601, UTC.
 */
export function decideTransitions(
  previous: { verdicts: VerdictSummaries; findings: readonly Finding[] },
  verdicts: readonly Verdict[],
  at: string,
): Decision {
  const known = new Map(previous.findings.map((finding) => [finding.rule, finding]));
  const decisions = verdicts.map((verdict) =>
    decideRule(previous.verdicts[verdict.rule], known.get(verdict.rule), verdict, at),
  );
  const judged = new Set(verdicts.map(({ rule }) => rule));
  const dropped = previous.findings.filter(({ rule }) => !judged.has(rule));
  const closed = decideClosing(dropped, { reason: 'rule_disabled', evidence: { values: {}, read: [] }, at });
  return {
    findings: [...decisions.flatMap(({ finding }) => finding ?? []), ...closed.findings],
    transitions: [...decisions.flatMap(({ transitions }) => transitions), ...closed.transitions],
  };
}

/** Closes what is open on a registry that is gone. */
export function decideClosing(
  findings: readonly Finding[],
  closing: { reason: string; evidence: Evidence; at: string },
): Decision {
  const { reason, evidence, at } = closing;
  const open = findings.filter(({ status }) => status === 'open' || status === 'exempted');
  return {
    findings: open.map(({ unknownSince: _, ...finding }) => ({
      ...finding,
      status: 'closed',
      since: at,
      reason,
      evidence,
    })),
    transitions: open.map(({ rule, severity, status }) => ({
      rule,
      severity,
      transition: 'closed',
      previousStatus: status,
      reason,
    })),
  };
}

function decideRule(
  before: VerdictSummary | undefined,
  finding: Finding | undefined,
  verdict: Verdict,
  at: string,
): RuleDecision {
  const isSeen = before?.outcome === verdict.outcome && before.reason === verdict.reason;
  if (isSeen && !isContradicted(finding, verdict)) return { transitions: [] };
  const visibility = decideVisibility(before, finding, verdict);
  const { transition, finding: next } = decideStatus(finding, verdict, at);
  return {
    ...(next ? { finding: next } : {}),
    transitions: [...visibility, ...(transition ? [transition] : [])],
  };
}

/** A verdict that did not change still has to be written where the finding says otherwise: it was closed, or never written. */
function isContradicted(finding: Finding | undefined, verdict: Verdict): boolean {
  if (verdict.outcome === 'fail') return finding?.status !== 'open' && finding?.status !== 'exempted';
  return verdict.outcome !== 'unknown' && finding?.status === 'open';
}

function decideVisibility(
  before: VerdictSummary | undefined,
  finding: Finding | undefined,
  verdict: Verdict,
): Transition[] {
  const wasUnknown = before?.outcome === 'unknown';
  const isUnknown = verdict.outcome === 'unknown';
  if (wasUnknown === isUnknown) return [];
  return [toTransition(isUnknown ? 'obscured' : 'revealed', finding, verdict)];
}

function decideStatus(
  finding: Finding | undefined,
  verdict: Verdict,
  at: string,
): { finding?: Finding; transition?: Transition } {
  switch (verdict.outcome) {
    case 'unknown':
      return finding ? { finding: { ...finding, unknownSince: finding.unknownSince ?? at } } : {};
    case 'fail':
      return decideFailure(finding, verdict, at);
    case 'pass':
    case 'notApplicable':
      return decideSuccess(finding, verdict, at);
  }
}

function decideFailure(finding: Finding | undefined, verdict: Verdict, at: string) {
  const { rule, severity, reason, evidence } = verdict;
  if (finding?.status === 'open' || finding?.status === 'exempted') {
    const { unknownSince: _, ...rest } = finding;
    return { finding: { ...rest, severity, reason, evidence } };
  }
  const firstSeen = finding?.firstSeen ?? at;
  return {
    finding: { rule, severity, status: 'open' as const, reason, firstSeen, since: at, evidence },
    transition: toTransition(finding ? 'reopened' : 'opened', finding, verdict),
  };
}

function decideSuccess(finding: Finding | undefined, verdict: Verdict, at: string) {
  if (!finding) return {};
  const { unknownSince, ...rest } = finding;
  if (finding.status !== 'open') return unknownSince ? { finding: rest } : {};
  const { reason, evidence } = verdict;
  return {
    finding: { ...rest, status: 'resolved' as const, since: at, reason, evidence },
    transition: toTransition('resolved', finding, verdict),
  };
}

function toTransition(
  transition: Transition['transition'],
  finding: Finding | undefined,
  { rule, severity, reason }: Verdict,
): Transition {
  return { rule, severity, transition, ...(finding ? { previousStatus: finding.status } : {}), reason };
}
