import { Command, Option } from 'commander';
import { isAtLeast, type Severity, severities } from '../domain/record/verdict.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { SweepProgress } from '../monitor/sweep/sweep.ts';
import { openMonitor, printJson, start } from './context.ts';
import { exitCodes } from './exit.ts';

interface SweepFlags {
  json?: true;
  failOn?: Severity;
}

/** `acr-cmk sweep` */
export const sweepCommand = new Command('sweep')
  .description('read the whole tenant once and assess what changed')
  .option('--json', 'print the sweep as JSON')
  .addOption(
    new Option('--fail-on <severity>', 'exit 1 when findings as severe as this or worse are open').choices(
      severities,
    ),
  )
  .action(async ({ json, failOn }: SweepFlags) => {
    const monitor = openMonitor();
    const progress = createProgress();
    const record = await monitor.sweep({ ...start, source: 'manual', onProgress: progress.show });
    progress.end();
    if (json) printJson(record);
    else {
      console.log(
        `Sweep ${record.outcome}: ${record.subscriptions} subscriptions, ${record.registries} registries, ` +
          `${record.assessed} assessed, ${record.changed} changed, ${record.unconfirmed} not confirmed (${record.calls} calls to Azure)`,
      );
    }
    // A failed sweep says no more than that: without a sign-in this throws, and that is another exit code.
    if (record.outcome === 'failed') await monitor.whoAmI(start);
    if (failOn && (await hasOpen(monitor, failOn))) process.exitCode = exitCodes.openFindings;
    else if (record.outcome !== 'complete') process.exitCode = exitCodes.notAllRead;
  });

/** A progress line on standard error: rewritten on a terminal, nothing elsewhere. */
function createProgress(): { show(progress: SweepProgress): void; end(): void } {
  const isTerminal = process.stderr.isTTY;
  return {
    show({ subscriptions, subscriptionsDone, registries, assessed }) {
      if (!isTerminal) return;
      process.stderr.write(
        `\r\u001b[KSweeping: ${subscriptionsDone} of ${subscriptions} subscriptions, ${registries} registries read, ${assessed} assessed`,
      );
    },
    end() {
      if (isTerminal) process.stderr.write('\r\u001b[K');
    },
  };
}

async function hasOpen({ queries }: Monitor, floor: Severity): Promise<boolean> {
  const severity = severities.filter((known) => isAtLeast(known, floor));
  const { items } = await queries.findings({ status: ['open'], severity }, { limit: 1 });
  return items.length > 0;
}
