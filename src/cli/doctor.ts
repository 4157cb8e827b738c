import { Command } from 'commander';
import type { Check } from '../monitor/doctor/check.ts';
import { openMonitor, printJson, start } from './context.ts';
import { exitCodes } from './exit.ts';
import { style } from './table.ts';

/** `acr-cmk doctor` */
export const doctorCommand = new Command('doctor')
  .description(
    'examine how the monitor is set up: identity, subscriptions, read actions, Resource Graph, tables, webhook, events, policies',
  )
  .option('--no-test-alert', 'send no test alert to the webhook')
  .option('--json', 'print the checks as JSON, when all were made')
  .addHelpText(
    'after',
    '\nIt changes nothing, and sends one test alert. Exit codes: 0 nothing failed, though there may be warnings; 2 wrong usage, configuration or sign-in; 3 a check failed',
  )
  .action(async ({ testAlert, json }: { testAlert: boolean; json?: true }) => {
    const checks: Check[] = [];
    for await (const check of openMonitor().examine({ ...start, isAlertTested: testAlert })) {
      checks.push(check);
      if (!json) console.log(toCheckLine(check));
    }
    if (json) printJson({ items: checks });
    if (checks.some(({ outcome }) => outcome === 'failed')) process.exitCode = exitCodes.notAllRead;
  });

const marks = { ok: 'ok', warning: 'warning', failed: 'FAILED', skipped: 'skipped' };
const formats = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const;

/** A check in a line, with colours on a terminal only. */
export function toCheckLine({ name, outcome, message }: Check): string {
  return `${style(formats[outcome], marks[outcome].padEnd(8))} ${name}: ${message}`;
}
