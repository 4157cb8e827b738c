import { Command } from 'commander';
import type { Check } from '../monitor/doctor/check.ts';
import { openMonitor, start } from './context.ts';
import { exitCodes } from './exit.ts';
import { print, printJson, style } from './output.ts';
import { count } from './standing.ts';
import { tableWidth, wrap } from './terminal-text.ts';

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
    for await (const check of (await openMonitor()).examine({ ...start, isAlertTested: testAlert })) {
      checks.push(check);
      if (!json) print(toCheckLine(check));
    }
    if (json) printJson({ items: checks });
    else print(toTotal(checks));
    if (checks.some(({ outcome }) => outcome === 'failed')) process.exitCode = exitCodes.notAllRead;
  });

/** How many checks came out how, in one line. */
export function toTotal(checks: readonly Check[]): string {
  const of = (wanted: Check['outcome']) => checks.filter(({ outcome }) => outcome === wanted).length;
  const skipped = of('skipped') > 0 ? `, ${of('skipped')} skipped` : '';
  return `${of('ok')} ok, ${count(of('warning'), 'warning')}, ${of('failed')} failed${skipped}`;
}

const marks = { ok: 'ok', warning: 'warning', failed: 'failed', skipped: 'skipped' };
const formats = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const;

/** A check as a terminal holds it, with colours there only; elsewhere in a line. */
export function toCheckLine({ name, outcome, message }: Check): string {
  const [first = '', ...more] = wrap(`${name}: ${message}`, tableWidth() - markWidth);
  const mark = style(formats[outcome], marks[outcome].padEnd(markWidth - 1));
  return [`${mark} ${first}`, ...more.map((line) => ' '.repeat(markWidth) + line)].join('\n');
}

const markWidth = 9;
