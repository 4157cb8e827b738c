const control = /\p{Cc}/u;
const plain = /^[A-Za-z0-9_./:@%+,-]+$/;

/**
 * Quotes a text as one word of a POSIX shell; with control characters as one of bash, so that it stays on one line.
 * NUL, which no argument can hold, and halves of surrogate pairs become U+FFFD.
 */
export function quoteShell(text: string): string {
  const whole = text.toWellFormed().replaceAll('\0', '\uFFFD');
  return control.test(whole) ? `$'${toEscaped(whole)}'` : `'${whole.replaceAll("'", `'\\''`)}'`;
}

/** As {@link quoteShell}, but words that need no quotes have none. */
export function toShellWord(text: string): string {
  return plain.test(text) ? text : quoteShell(text);
}

function toEscaped(text: string): string {
  return text.replaceAll(/[\\']/g, '\\$&').replaceAll(/\p{Cc}/gu, (character) =>
    // Octal bytes of UTF-8: three digits always, so that no digit that follows is taken for a part.
    [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  );
}
