import fc from 'fast-check';

/** Texts that are out to break quotes: any Unicode, and the words that mean something to the three languages. */
export const nastyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          "'",
          '"',
          '`',
          '$',
          '$(id)',
          '${',
          '$${',
          '%{',
          '%%{',
          '}',
          '\\',
          '\\u0024{',
          "'''",
          "\\'",
          '\n',
          '\r',
          '\t',
          '#',
          '//',
          '/*',
          '*/',
          ';',
          '|',
          '&',
          '!',
          '~',
          '*',
          '-',
          '--yes',
          ' ',
          '=',
          '<<E',
          '\u2028',
          '\u0085',
          '\u0007',
          'é',
          '😀',
          '[',
          ']',
          'x',
        ),
      },
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** What quoting makes of a text: halves of surrogate pairs have no UTF-8. */
export function toWritten(text: string): string {
  return text.toWellFormed();
}
