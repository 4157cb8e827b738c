import { Command, Option } from 'commander';
import { isAtLeast, type Severity, severities } from '../domain/record/verdict.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { SweepRecord } from '../monitor/ports/ports.ts';
import { anyCase } from './any-case.ts';
import { openMonitor, start } from './context.ts';
import { exitCodes } from './exit.ts';
import { note, print, printJson } from './output.ts';
import { toPostureSum } from './posture-sum.ts';
import { startProgress } from './progress.ts';
import { readAll } from './read-all.ts';
import { count, readStanding } from './standing.ts';
import { terminalWidth, wrap } from './terminal-text.ts';

interface SweepFlags {
  json?: true;
  quiet?: true;
  failOn?: Severity;
}

/** `acr-cmk sweep` */
export const sweepCommand = new Command('sweep')
  .description('read the whole tenant once and assess what changed')
  .option('--json', 'print the sweep as JSON')
  .option('--quiet', 'show no progress')
  .addOption(
    anyCase(
      new Option('--fail-on <severity>', 'exit 1 when findings as severe as this or worse are open'),
      severities,
    ),
  )
  .action(async ({ json, quiet, failOn }: SweepFlags) => {
    const monitor = await openMonitor();
    const progress = startProgress(process.stderr, quiet);
    const record = await monitor
      .sweep({ ...start, source: 'manual', onProgress: progress.show })
      .finally(progress.end);
    const { doubts, ...standing } = await readStanding(monitor);
    if (json) printJson(record);
    else {
      const registries = await readAll((page) => monitor.queries.registries({}, page));
      print([toRecordText(record), ...wrap(toPostureSum(registries, standing), terminalWidth())].join('\n'));
    }
    // A failed sweep says no more than that: without a sign-in this throws, and that is another exit code.
    if (record.outcome === 'failed') await monitor.whoAmI(start);
    for (const doubt of doubts) note(`Not known: ${doubt}`);
    if (failOn && (await hasOpen(monitor, failOn))) process.exitCode = exitCodes.openFindings;
    else if (record.outcome !== 'complete' || doubts.length > 0) process.exitCode = exitCodes.notAllRead;
  });

function toRecordText(record: SweepRecord): string {
  const { outcome, subscriptions, registries, assessed, changed, unconfirmed, calls } = record;
  return (
    `Sweep ${outcome}: ${count(subscriptions, 'subscription')}, ${count(registries, 'registry')}, ` +
    `${assessed} assessed, ${changed} changed, ${unconfirmed} not confirmed (${count(calls, 'call')} to Azure)`
  );
}

async function hasOpen({ queries }: Monitor, floor: Severity): Promise<boolean> {
  const severity = severities.filter((known) => isAtLeast(known, floor));
  const { items } = await queries.findings({ status: ['open'], severity }, { limit: 1 });
  return items.length > 0;
}
