import { Command, InvalidArgumentError, Option } from 'commander';
import { isRegistryReference, isSubscriptionId, parseRegistryId } from '../domain/estate/resource-id.ts';
import { findingStatuses } from '../domain/record/finding.ts';
import { isAtLeast, type Severity, severities } from '../domain/record/verdict.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { FindingFilter } from '../monitor/ports/ports.ts';
import { catalog } from '../rules/catalog.ts';
import { anyCase } from './any-case.ts';
import { openMonitor, readKnownRegistries, toUnknownText } from './context.ts';
import { exitCodes, UsageError } from './exit.ts';
import {
  type FindingSort,
  findingSorts,
  type NamedFinding,
  sortFindings,
  toFindingsText,
  toWideText,
} from './findings-text.ts';
import { hint, note, print, printJson } from './output.ts';
import { readAll } from './read-all.ts';
import { count, readStanding, type Standing } from './standing.ts';
import { toAge } from './terminal-text.ts';

interface FindingFlags extends FindingFilter {
  failOn?: Severity;
  limit?: number;
  page: number;
  sort: FindingSort;
  all?: true;
  wide?: true;
  cursor?: string;
  json?: true;
}

/** Findings on a page of a terminal, and in a page of JSON. */
const perPage = { text: 20, json: 100 };

const ruleIds = catalog.map(({ id }) => id);

/** `acr-cmk findings` */
export const findingsCommand = new Command('findings')
  .description('list what is wrong, worst first; several values of one filter mean any of them')
  .addOption(
    anyCase(new Option('--status <status...>', 'by status; "any" for all'), [
      ...findingStatuses,
      'any',
    ]).default(['open'], 'open'),
  )
  .addOption(anyCase(new Option('--severity <severity...>', 'by severity'), severities))
  .addOption(anyCase(new Option('--rule <id...>', 'by rule'), ruleIds))
  .option(
    '--subscription <id...>',
    'by subscription id',
    collect(isSubscriptionId, 'It must be a subscription id.'),
  )
  .option(
    '--registry <registry...>',
    'by registry: resource id or name',
    collect(isRegistryReference, 'It must be the resource id or the name of a registry.'),
  )
  .addOption(anyCase(new Option('--sort <by>', 'what comes first'), findingSorts).default('severity'))
  .option('--page <number>', 'which page', toPage, 1)
  .option('--limit <number>', 'how many on a page, 1 to 1000 (20, of JSON 100)', toLimit)
  .option('--all', 'all on one page')
  .option('--wide', 'one line each with all columns, however wide')
  .addOption(
    anyCase(
      new Option('--fail-on <severity>', 'exit 1 when findings as severe as this or worse are listed'),
      severities,
    ),
  )
  .option('--cursor <cursor>', 'go on after an earlier page of JSON')
  .option('--json', 'print the page as JSON, as the API answers it')
  .action(showFindings);

async function showFindings({ failOn, json, ...flags }: FindingFlags): Promise<void> {
  if (flags.cursor && !json) throw new UsageError('--cursor goes with --json; use --page');
  const monitor = await openMonitor();
  const filter = toFilter(flags);
  await checkRegistries(monitor, filter.registry ?? []);
  const standing = await readStanding(monitor);
  const items = json
    ? await showJson(monitor, filter, flags)
    : await showText(monitor, { filter, flags, standing });
  for (const doubt of standing.doubts) note(`Not known: ${doubt}`);
  const isFailing =
    failOn && items.some(({ status, severity }) => status === 'open' && isAtLeast(severity, failOn));
  if (isFailing) process.exitCode = exitCodes.openFindings;
  else if (standing.doubts.length > 0) process.exitCode = exitCodes.notAllRead;
}

type Flags = Omit<FindingFlags, 'failOn' | 'json'>;

function toFilter({ status = [], severity, rule, subscription, registry }: Flags): FindingFilter {
  const isAny = (status as string[]).includes('any');
  return { status: isAny ? undefined : status, severity, rule, subscription, registry };
}

async function showJson({ queries }: Monitor, filter: FindingFilter, { all, limit, cursor }: Flags) {
  if (all) {
    const items = await readAll((page) => queries.findings(filter, page));
    printJson({ items });
    return items;
  }
  const page = await queries.findings(filter, {
    limit: limit ?? perPage.json,
    ...(cursor ? { cursor } : {}),
  });
  printJson(page);
  if (page.nextCursor) hint(`There are more: --cursor ${page.nextCursor}`);
  return page.items;
}

interface Shown {
  filter: FindingFilter;
  flags: Flags;
  standing: Standing;
}

async function showText(monitor: Monitor, { filter, flags, standing }: Shown): Promise<NamedFinding[]> {
  const found = await readAll((page) => monitor.queries.findings(filter, page));
  if (found.length === 0) {
    print(await toNoneText(monitor, filter, standing));
    return found;
  }
  const { sort, page, all, wide, limit = perPage.text } = flags;
  const sorted = sortFindings(found, sort);
  const pages = all ? 1 : Math.ceil(sorted.length / limit);
  if (page > pages) throw new UsageError(`There is no page ${page}: ${count(pages, 'page')} in all`);
  const shown = all ? sorted : sorted.slice((page - 1) * limit, page * limit);
  const text = wide ? toWideText(shown) : toFindingsText(shown, sorted);
  print(text);
  if (pages > 1)
    hint(`Page ${page} of ${pages}: --page ${page < pages ? page + 1 : 1}, or --all for everything.`);
  return sorted;
}

/** That nothing was found, and what that rests on. */
async function toNoneText(
  { queries }: Monitor,
  { status, registry = [], severity, rule, subscription }: FindingFilter,
  { sweep, doubts }: Standing,
): Promise<string> {
  const what = status?.length === 1 ? `${status[0]} findings` : 'findings';
  if (!sweep) return `No ${what}, and no sweep has run yet: this is not an all-clear.`;
  const [reference, ...others] = registry;
  const id = reference && others.length === 0 ? parseRegistryId(await toId(queries, reference)) : undefined;
  const view = id && (await queries.registry(id));
  if (view) {
    const outcomes = Object.values(view.verdicts).map(({ outcome }) => outcome);
    const of = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
    const unknown = of('unknown') > 0 ? `, ${of('unknown')} unknown` : '';
    return `No ${what} on ${view.name}: ${of('pass')} of ${outcomes.length} rules pass${unknown}, assessed ${toAgo(view.assessedAt)}.`;
  }
  const isFiltered = severity || rule || subscription;
  const scope = isFiltered ? ' with this filter' : '';
  const caution = doubts.length > 0 ? ' This is not an all-clear.' : '';
  return `No ${what}${scope}, by the sweep that ended ${toAgo(sweep.endedAt ?? '')}.${caution}`;
}

async function toId(queries: Monitor['queries'], reference: string): Promise<string> {
  return reference.includes('/') ? reference : ((await queries.registriesNamed(reference))[0] ?? '');
}

function toAgo(time: string): string {
  const age = toAge(time);
  return age === 'now' ? 'just now' : `${age} ago`;
}

/** A registry that nobody ever saw has no findings, which says nothing: a typing error, or one that was never read. */
async function checkRegistries(monitor: Monitor, references: readonly string[]): Promise<void> {
  if (references.length === 0) return;
  const known = await readKnownRegistries(monitor);
  const names = new Set(known.flatMap(({ id, name }) => [id.toLowerCase(), name.toLowerCase()]));
  const unknown = references.find((reference) => !names.has(reference.toLowerCase()));
  if (unknown !== undefined)
    throw new UsageError(toUnknownText(parseRegistryId(unknown)?.name ?? unknown, known));
}

/** Collects the values of an option, each of which has to be right. */
function collect(isRight: (text: string) => boolean, fault: string) {
  return (text: string, earlier: string[] = []): string[] => {
    if (!isRight(text)) throw new InvalidArgumentError(fault);
    return [...earlier, text];
  };
}

/** Reads a page's length. */
export function toLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new InvalidArgumentError('It must be a number from 1 to 1000.');
}

function toPage(text: string): number {
  const page = Number(text);
  if (Number.isInteger(page) && page >= 1) return page;
  throw new InvalidArgumentError('It must be a number from 1 on.');
}
