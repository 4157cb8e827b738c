import { readFileSync } from 'node:fs';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';

/** A JSON file's text and what it holds. */
export interface JsonFile {
  text: string;
  value: unknown;
}

/**
 * Reads a JSON file as the Core Tools do, with a byte order mark, comments and trailing commas allowed;
 * `undefined` where there is no such file.
 * @throws Error that names the file, and line and column where it is broken.
 */
export function readJsonFile(path: string): JsonFile | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const errors: ParseError[] = [];
  const value: unknown = parse(text.trimEnd(), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return { text, value };
  throw new Error(
    `${path}, ${positionAt(text, first.offset)}: not valid JSON (${printParseErrorCode(first.error)}).`,
  );
}

/** Line and column, from 1, of an offset in a text. */
export function positionAt(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${path} can't be read.`, { cause: error });
  }
}
