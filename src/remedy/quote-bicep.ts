const escapes: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '${': '\\${',
};

/**
 * Quotes a text as a string of Bicep, on one line and without interpolation.
 * Halves of surrogate pairs become U+FFFD.
 */
export function quoteBicep(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll(
      /\\|'|\$\{|\p{Cc}|[\u2028\u2029]/gu,
      (found) => escapes[found] ?? `\\u{${found.charCodeAt(0).toString(16)}}`,
    );
  return `'${escaped}'`;
}
