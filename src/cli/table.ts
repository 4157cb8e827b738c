import type { Severity } from '../domain/record/verdict.ts';
import { style, toWidth } from './output.ts';
import { cut, tableWidth } from './terminal-text.ts';

const gap = 2;

/**
 * Lays out rows under headings, columns as wide as their widest cell, where a terminal has that much room; in a
 * narrower one the widest columns are cut. Cells may be styled.
 */
export function toTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = toWidths(
    headings.map((heading, column) =>
      Math.max(heading.length, ...rows.map((row) => toWidth(row[column] ?? ''))),
    ),
  );
  const lines = [headings.map((heading) => style('bold', heading)), ...rows].map((row) =>
    row
      .map((cell, column) => toCell(cell, widths[column] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
  return lines.join('\n');
}

/** Least columns that are left of one that is cut. */
const leastWidth = 12;

/** Takes from the widest columns what the terminal has not. */
function toWidths(wanted: readonly number[]): number[] {
  const widths = [...wanted];
  let over = widths.reduce((sum, width) => sum + width + gap, -gap) - tableWidth();
  for (; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= leastWidth) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function toCell(cell: string, width: number): string {
  const room = width - toWidth(cell);
  return room < 0 ? cut(cell, width) : cell + ' '.repeat(room);
}

/** A severity in its colour. */
export function toSeverityCell(severity: Severity, text: string = severity): string {
  const formats = { critical: ['bold', 'red'], high: 'red', medium: 'yellow', low: 'cyan' } as const;
  return style(formats[severity] as Parameters<typeof style>[0], text);
}

/** An outcome in its colour. */
export function toOutcomeCell(outcome: string): string {
  const formats = { pass: 'green', fail: 'red', unknown: 'yellow' } as const;
  const format = formats[outcome as keyof typeof formats];
  return format ? style(format, outcome) : outcome;
}

/** A time of ISO 8601 without fractions of seconds. */
export function toTimeCell(time: string): string {
  return time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}
