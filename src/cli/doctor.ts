import { Command } from 'commander';
import type { Check } from '../app.ts';
import { openApp, printJson } from './context.ts';
import { exitCodes } from './exit.ts';
import { style } from './table.ts';

/** `acr-cmk doctor` */
export const doctorCommand = new Command('doctor')
  .description('examine how the monitor is set up: identity, read actions, events, tables, webhook, policies')
  .option('--no-test-alert', 'send no test alert to the webhook')
  .option('--json', 'print the checks as JSON')
  .action(async ({ testAlert, json }: { testAlert: boolean; json?: true }) => {
    const checks: Check[] = [];
    for await (const check of openApp().examine({ isAlertTested: testAlert })) {
      checks.push(check);
      if (!json) console.log(toCheckLine(check));
    }
    if (json) printJson({ items: checks });
    if (checks.some(({ outcome }) => outcome === 'failed')) process.exitCode = exitCodes.notAllRead;
  });

const marks = { ok: 'ok', warning: 'warning', failed: 'FAILED', skipped: 'skipped' };
const formats = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const;

/** A check in a line. */
export function toCheckLine({ name, outcome, message }: Check): string {
  return `${style(formats[outcome], marks[outcome].padEnd(8))} ${name}: ${message}`;
}
