import { Command, InvalidArgumentError, Option } from 'commander';
import { isRegistryReference, isSubscriptionId, parseRegistryId } from '../domain/estate/resource-id.ts';
import { type FindingStatus, findingStatuses } from '../domain/record/finding.ts';
import { type Severity, severities } from '../domain/record/verdict.ts';
import type { RegistryFinding } from '../monitor/ports/ports.ts';
import { catalog } from '../rules/catalog.ts';
import { openMonitor, printJson } from './context.ts';
import { exitCodes } from './exit.ts';
import { toSeverityCell, toTable, toTimeCell } from './table.ts';

interface FindingFlags {
  status?: FindingStatus[];
  severity?: Severity[];
  rule?: string[];
  subscription?: string[];
  registry?: string[];
  limit: number;
  cursor?: string;
  json?: true;
}

const ruleIds = catalog.map(({ id }) => id);

/** `acr-cmk findings` */
export const findingsCommand = new Command('findings')
  .description('list findings; several values of one filter mean any of them')
  .addOption(new Option('--status <status...>', 'by status').choices(findingStatuses))
  .addOption(new Option('--severity <severity...>', 'by severity').choices(severities))
  .addOption(new Option('--rule <id...>', 'by rule').choices(ruleIds))
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
  .option('--limit <number>', 'how many at most, 1 to 1000', toLimit, 100)
  .option('--cursor <cursor>', 'go on after an earlier page')
  .option('--json', 'print the page as JSON, as the API answers it')
  .action(async ({ limit, cursor, json, ...filter }: FindingFlags) => {
    const page = await openMonitor().queries.findings(filter, { limit, ...(cursor ? { cursor } : {}) });
    if (json) return printJson(page);
    console.log(page.items.length > 0 ? toFindingsTable(page.items) : 'No findings.');
    if (page.nextCursor) console.error(`There are more: --cursor ${page.nextCursor}`);
    process.exitCode = exitCodes.done;
  });

function toFindingsTable(items: readonly RegistryFinding[]): string {
  return toTable(
    ['SEVERITY', 'RULE', 'REGISTRY', 'RESOURCE GROUP', 'STATUS', 'SINCE', 'REASON'],
    items.map(({ severity, rule, registryId, status, since, reason, unknownSince }) => {
      const id = parseRegistryId(registryId);
      const shownStatus = unknownSince ? `${status} (not seen since ${toTimeCell(unknownSince)})` : status;
      return [
        toSeverityCell(severity),
        rule,
        id?.name ?? registryId,
        id?.resourceGroup ?? '',
        shownStatus,
        toTimeCell(since),
        reason,
      ];
    }),
  );
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
