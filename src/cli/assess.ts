import { Command } from 'commander';
import type { AssessmentResult } from '../monitor/assess/assess-registry.ts';
import { openMonitor, printJson, start, toRegistryId } from './context.ts';
import { exitCodes } from './exit.ts';
import { toOutcomeCell, toTable } from './table.ts';

/** `acr-cmk assess REGISTRY` */
export const assessCommand = new Command('assess')
  .description('read one registry from Azure and run all rules on it')
  .argument('<registry>', 'resource id, or the name of a registry that was assessed before')
  .option('--json', 'print the registry as JSON')
  .action(async (registry: string, { json }: { json?: true }) => {
    const monitor = openMonitor();
    const id = await toRegistryId(monitor, registry);
    const result = await monitor.assess(id, start);
    const view = await monitor.queries.registry(id);
    const verdicts = Object.entries(view?.verdicts ?? {});
    if (json) printJson(view ?? { registryId: id.id, state: result.state });
    else
      console.log(
        toText(
          result,
          id.name,
          verdicts.map(([rule, { outcome, reason }]) => [rule, toOutcomeCell(outcome), reason]),
        ),
      );
    const isWhole = result.state === 'assessed' && verdicts.every(([, { outcome }]) => outcome !== 'unknown');
    if (!isWhole && result.state !== 'gone') process.exitCode = exitCodes.notAllRead;
  });

function toText(result: AssessmentResult, name: string, rows: string[][]): string {
  switch (result.state) {
    case 'assessed':
      return `${toTable(['RULE', 'OUTCOME', 'REASON'], rows)}\n${toChanges(result)}`;
    case 'gone':
      return `Registry ${name} does not exist. ${toChanges(result)}`;
    case 'notTerminal':
      return `Registry ${name} is in state ${result.provisioningState} and can't be judged yet.`;
    case 'unreadable':
      return `Registry ${name} can't be read (${result.reason}). What was known of it stays as it was.`;
  }
}

function toChanges({ transitions }: Extract<AssessmentResult, { transitions: unknown }>): string {
  if (transitions.length === 0) return 'Nothing changed.';
  return `Changed: ${transitions.map(({ rule, transition }) => `${rule} ${transition}`).join(', ')}.`;
}
