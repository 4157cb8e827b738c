import { Command, Option } from 'commander';
import type { ResourceId } from '../domain/estate/resource-id.ts';
import { isAtLeast, type Severity, severities, type VerdictSummaries } from '../domain/record/verdict.ts';
import type { AssessmentResult } from '../monitor/assess/assess-registry.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { catalog, findRule } from '../rules/catalog.ts';
import { anyCase } from './any-case.ts';
import { openMonitor, start, toRegistryId } from './context.ts';
import { exitCodes, UsageError } from './exit.ts';
import { invocation } from './invocation.ts';
import { print, printJson, style } from './output.ts';
import { toReasonMeaning } from './reason-meaning.ts';
import { count } from './standing.ts';
import { toOutcomeCell, toSeverityCell, toTable } from './table.ts';
import { toAge } from './terminal-text.ts';

interface AssessFlags {
  failOn?: Severity;
  json?: true;
}

/** `acr-cmk assess REGISTRY` */
export const assessCommand = new Command('assess')
  .description('read one registry from Azure and run all rules on it')
  .argument('<registry>', 'resource id, or the name of a registry that was assessed before')
  .addOption(
    anyCase(
      new Option('--fail-on <severity>', 'exit 1 when rules as severe as this or worse fail'),
      severities,
    ),
  )
  .option('--json', 'print the registry as JSON')
  .action(async (registry: string, { failOn, json }: AssessFlags) => {
    const monitor = await openMonitor();
    const id = await toRegistryId(monitor, registry);
    const result = await monitor.assess(id, start);
    const view = await monitor.queries.registry(id);
    if (result.state === 'gone' && !view) {
      throw new UsageError(
        `Registry ${id.name} does not exist, and never did while it was watched: is ${id.id} right?`,
      );
    }
    const verdicts = view?.verdicts ?? {};
    if (json) printJson(view ?? { registryId: id.id, state: result.state });
    else print(await toText(monitor, { id, result, verdicts }));
    const exitCode = toExitCode(result, verdicts, failOn);
    if (exitCode) process.exitCode = exitCode;
  });

function toExitCode(
  result: AssessmentResult,
  verdicts: VerdictSummaries,
  failOn: Severity | undefined,
): number {
  if (result.state === 'gone') return exitCodes.done;
  if (result.state !== 'assessed') return exitCodes.notAllRead;
  const isFailing = failOn && toFailing(verdicts).some(({ severity }) => isAtLeast(severity, failOn));
  if (isFailing) return exitCodes.openFindings;
  const isWhole = Object.values(verdicts).every(({ outcome }) => outcome !== 'unknown');
  return isWhole ? exitCodes.done : exitCodes.notAllRead;
}

interface Assessed {
  id: ResourceId;
  result: AssessmentResult;
  verdicts: VerdictSummaries;
}

async function toText(monitor: Monitor, { id, result, verdicts }: Assessed): Promise<string> {
  switch (result.state) {
    case 'assessed':
      return toAssessedText(monitor, { id, result, verdicts });
    case 'gone':
      return `Registry ${id.name} does not exist any more. ${toChanges(result)}`;
    case 'notTerminal':
      return `Registry ${id.name} is in state ${result.provisioningState} and can't be judged yet. It is looked at again each minute while the monitor runs; or repeat this.`;
    case 'unreadable':
      return `Registry ${id.name} can't be read (${result.reason}), so how it stands now is not known. What was known of it stays as it was; "acr-cmk doctor" tells which right is missing.`;
  }
}

/** What fails, why and since when, how to mend it, what is not known, and only then the rest. */
async function toAssessedText(
  { queries }: Monitor,
  { id, result, verdicts }: Assessed & { result: Extract<AssessmentResult, { state: 'assessed' }> },
): Promise<string> {
  const failing = toFailing(verdicts);
  const { items } = await queries.findings({ registry: [id.id], status: ['open'] }, { limit: 1000 });
  const since = new Map(items.map((finding) => [finding.rule, finding.since]));
  const entries = failing.flatMap(({ id: rule, severity, title }) => [
    `  ${toSeverityCell(severity, severity.padEnd(8))}  ${style('bold', rule)}: ${title}`,
    `            ${toReasonMeaning(rule, verdicts[rule]?.reason ?? '')}${toSince(since.get(rule))}`,
  ]);
  const rows = ['fail', 'unknown', 'pass', 'notApplicable'].flatMap((wanted) =>
    Object.entries(verdicts)
      .filter(([, { outcome }]) => outcome === wanted)
      .map(([rule, { outcome, reason }]) => [rule, toOutcomeCell(outcome), reason]),
  );
  return [
    style('bold', toHeadline(id.name, verdicts)),
    ...entries,
    ...(failing.length > 0 ? ['', `Mend it: ${invocation} fix ${id.name}`] : []),
    '',
    toTable(['RULE', 'OUTCOME', 'REASON'], rows),
    '',
    toChanges(result),
  ].join('\n');
}

function toHeadline(name: string, verdicts: VerdictSummaries): string {
  const outcomes = Object.values(verdicts).map(({ outcome }) => outcome);
  const of = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  const unknown = of('unknown') > 0 ? `; ${count(of('unknown'), 'rule')} unknown` : '';
  const rules = count(outcomes.length, 'rule');
  if (of('fail') > 0) return `${name} fails ${of('fail')} of ${rules}${unknown}.`;
  return of('unknown') > 0
    ? `${name} fails none of ${rules} as far as it could be read${unknown}.`
    : `${name} fails none of ${rules}.`;
}

/** Rules that fail, the worst first. */
function toFailing(verdicts: VerdictSummaries) {
  const failing = catalog.map(({ id }) => findRule(id)).flatMap((rule) => rule ?? []);
  return failing
    .filter(({ id }) => verdicts[id]?.outcome === 'fail')
    .sort((left, right) => severities.indexOf(left.severity) - severities.indexOf(right.severity));
}

function toSince(since: string | undefined): string {
  if (!since) return '';
  const age = toAge(since);
  return age === 'now' ? ' (new)' : ` (for ${age})`;
}

function toChanges({ transitions }: Extract<AssessmentResult, { transitions: unknown }>): string {
  if (transitions.length === 0) return 'Same as before.';
  return `Changed: ${transitions.map(({ rule, transition }) => `${rule} ${transition}`).join(', ')}.`;
}
