import { Command } from 'commander';
import type { HistoryEntry } from '../domain/record/finding.ts';
import { openMonitor, toRegistryId } from './context.ts';
import { UsageError } from './exit.ts';
import { toLimit } from './findings.ts';
import { hint, print, printJson } from './output.ts';
import { toTable, toTimeCell } from './table.ts';

interface HistoryFlags {
  limit: number;
  cursor?: string;
  json?: true;
}

/** `acr-cmk history REGISTRY` */
export const historyCommand = new Command('history')
  .description('tell what changed on one registry, newest first')
  .argument('<registry>', 'resource id, or the name of a registry that was assessed before')
  .option('--limit <number>', 'how many at most, 1 to 1000', toLimit, 100)
  .option('--cursor <cursor>', 'go on after an earlier page')
  .option('--json', 'print the page as JSON, as the API answers it')
  .action(async (registry: string, { limit, cursor, json }: HistoryFlags) => {
    const monitor = await openMonitor();
    const id = await toRegistryId(monitor, registry);
    if (!(await monitor.queries.registry(id))) throw new UsageError(`Registry ${id.name} was never assessed`);
    const page = await monitor.queries.history(id, { limit, ...(cursor ? { cursor } : {}) });
    if (json) return printJson(page);
    print(toTable(['TIME', 'REVISION', 'SOURCE', 'WHAT CHANGED'], page.items.map(toRow)));
    if (page.nextCursor) hint(`There are more: --cursor ${page.nextCursor}`);
  });

function toRow({ at, revision, source, transitions, verdicts }: HistoryEntry): string[] {
  const changes = transitions.map(({ rule, transition, reason }) => `${rule} ${transition} (${reason})`);
  const failing = Object.values(verdicts).filter(({ outcome }) => outcome === 'fail').length;
  return [
    toTimeCell(at),
    String(revision),
    source,
    changes.join(', ') || `first assessed: ${failing} of ${Object.keys(verdicts).length} rules fail`,
  ];
}
