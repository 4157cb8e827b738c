import { styleText } from 'node:util';

/** Stands for ESC in what this program styles itself: nothing from outside can write it. */
const mark = `<${crypto.randomUUID()}>`;

/** Control characters but line break and tab, and what reorders or hides the text around it. */
const unsafe = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Makes visible, by its escape, whatever could drive a terminal or reorder a line. */
export function toVisible(text: string): string {
  return text.replace(unsafe, (sign) => sign.split('').map(toEscape).join(''));
}

function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Prints a result to standard output. */
export function print(text = ''): void {
  process.stdout.write(`${toShown(text)}\n`);
}

/** Says to standard error what is no result: progress, warnings, hints. */
export function note(text: string): void {
  process.stderr.write(`${toShown(text)}\n`);
}

/** Says a hint to standard error, faintly on a terminal. */
export function hint(text: string): void {
  note(styleFor(process.stderr, 'dim', text));
}

/** Prints what `--json` asks for; what could drive a terminal is escaped as JSON allows. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2).replace(unsafe, toVisible)}\n`);
}

/** Text as a terminal may have it: its own styles, and all else visible. */
export function toShown(text: string): string {
  return toVisible(text).replaceAll(mark, '\u001b');
}

type Format = Parameters<typeof styleText>[0];

/** Styles a text that will be printed, on a terminal only. */
export function style(format: Format, text: string): string {
  return styleFor(process.stdout, format, text);
}

function styleFor(stream: NodeJS.WriteStream, format: Format, text: string): string {
  const [open = '', close = ''] = styleText(format, '\n', { stream }).split('\n');
  return `${open.replaceAll('\u001b', mark)}${text}${close.replaceAll('\u001b', mark)}`;
}

const styles = new RegExp(`${mark}\\[[\\d;]*m`, 'g');

/** How many columns a text takes, its styles not counted. */
export function toWidth(text: string): number {
  return toVisible(text.replace(styles, '')).length;
}
