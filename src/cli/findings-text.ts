import { severities } from '../domain/record/verdict.ts';
import type { Queries } from '../monitor/answers/queries.ts';
import { invocation } from './invocation.ts';
import { style } from './output.ts';
import { count } from './standing.ts';
import { toSeverityCell, toTable, toTimeCell } from './table.ts';
import { cut, terminalWidth, toAge } from './terminal-text.ts';

/** A finding with the names that people know its registry by. */
export type NamedFinding = Awaited<ReturnType<Queries['findings']>>['items'][number];

/** What findings can be sorted by. */
export const findingSorts = ['severity', 'since', 'registry', 'rule'] as const;
/** What comes first: the worst, what is open for longest, or by name. */
export type FindingSort = (typeof findingSorts)[number];

/** Sorts findings: by the word asked for, then the worst first, then by time and name. */
export function sortFindings(findings: readonly NamedFinding[], sort: FindingSort): NamedFinding[] {
  const keys = {
    severity: ({ severity }: NamedFinding) => String(severities.indexOf(severity)),
    since: ({ since }: NamedFinding) => since,
    registry: ({ name }: NamedFinding) => name.toLowerCase(),
    rule: ({ rule }: NamedFinding) => rule,
  };
  const order = [keys[sort], keys.severity, keys.since, keys.registry];
  return findings.toSorted((left, right) => {
    const key = order.find((of) => of(left) !== of(right));
    return key ? (key(left) < key(right) ? -1 : 1) : 0;
  });
}

const severityWidth = 8;

/** Findings as a terminal holds them: two lines each, below what there is of them in all, above what to do next. */
export function toFindingsText(shown: readonly NamedFinding[], all: readonly NamedFinding[]): string {
  const [first] = shown;
  return [
    style('bold', toCounts(all)),
    '',
    ...shown.map(toEntry),
    ...(first ? ['', `Next: ${invocation} fix ${first.name}`] : []),
  ].join('\n');
}

/** How many findings there are, on how many registries, by severity. */
function toCounts(findings: readonly NamedFinding[]): string {
  const statuses = new Set(findings.map(({ status }) => status));
  const status = statuses.size === 1 ? `${[...statuses][0]} ` : '';
  const registries = new Set(findings.map(({ registryId }) => registryId.toLowerCase())).size;
  const bySeverity = severities
    .map((severity) => ({
      severity,
      number: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ number }) => number > 0)
    .map(({ severity, number }) => `${number} ${severity}`);
  return `${count(findings.length, `${status}finding`)} on ${count(registries, 'registry')}: ${bySeverity.join(', ')}`;
}

/** Severity, registry, rule, where it is and for how long; below it what is wrong, in words. */
function toEntry(finding: NamedFinding): string {
  const { severity, rule, reason, since, status, unknownSince, title } = finding;
  const width = terminalWidth() - 1;
  const indent = ' '.repeat(severityWidth + 2);
  const age = toAge(since);
  const room = width - indent.length - age.length - 2;
  const name = cut(finding.name, room);
  const place = toParts(
    [
      rule,
      ...(status === 'open' ? [] : [status]),
      ...(unknownSince ? [`unknown for ${toAge(unknownSince)}`] : []),
      finding.resourceGroup,
      finding.subscriptionName ?? finding.subscriptionId,
    ],
    room - name.length - 2,
  );
  const padding = ' '.repeat(Math.max(0, room - name.length - 2 - place.length));
  const told = `${title} (${reason})`;
  return [
    `${toSeverityCell(severity, severity.padEnd(severityWidth))}  ${style('bold', name)}  ${place}${padding}  ${age}`,
    `${indent}${style('dim', cut(told.length > width - indent.length ? title : told, width - indent.length))}`,
  ].join('\n');
}

/** As many parts as have room, the last ones dropped first; what remains is cut in its middle. */
function toParts(parts: readonly string[], width: number): string {
  const shown = parts.filter(Boolean);
  while (shown.length > 1 && shown.join(' · ').length > width) shown.pop();
  return cut(shown.join(' · '), width);
}

/** All columns, one line a finding. */
export function toWideText(findings: readonly NamedFinding[]): string {
  const rows = findings.map((finding) => {
    const { severity, rule, name, resourceGroup, status, since, reason, unknownSince } = finding;
    const shownStatus = unknownSince ? `${status} (unknown since ${toTimeCell(unknownSince)})` : status;
    return [
      toSeverityCell(severity),
      rule,
      name,
      resourceGroup,
      finding.subscriptionName ?? finding.subscriptionId,
      shownStatus,
      toTimeCell(since),
      reason,
    ];
  });
  const headings = [
    'SEVERITY',
    'RULE',
    'REGISTRY',
    'RESOURCE GROUP',
    'SUBSCRIPTION',
    'STATUS',
    'SINCE',
    'REASON',
  ];
  return toTable(headings, rows);
}
