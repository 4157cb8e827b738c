import { stripVTControlCharacters, styleText } from 'node:util';
import type { Severity } from '../domain/record/verdict.ts';

/** Lays out rows under headings, columns as wide as their widest cell; cells may be coloured. */
export function toTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => toWidth(row[column] ?? ''))),
  );
  const lines = [headings.map((heading) => style('bold', heading)), ...rows].map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - toWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}

/** Colours a text, on a terminal only. */
export function style(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** A severity in its colour. */
export function toSeverityCell(severity: Severity): string {
  const formats = { critical: ['bold', 'red'], high: 'red', medium: 'yellow', low: 'cyan' } as const;
  return style(formats[severity] as Parameters<typeof styleText>[0], severity);
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

function toWidth(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
