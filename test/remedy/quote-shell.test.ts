import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteShell, toShellWord } from '../../src/remedy/quote-shell.ts';
import { nastyText } from './texts.ts';
import { runBash } from './tools.ts';

const texts = fc.array(nastyText, { minLength: 1, maxLength: 60 });
const toRead = (text: string) => text.toWellFormed().replaceAll('\0', '\uFFFD');

it.each([
  ['quoteShell', quoteShell],
  ['toShellWord', toShellWord],
])('bash reads back every text that %s quotes, as one word', (_name, quote) => {
  fc.assert(
    fc.property(texts, (sample) => {
      const { stdout, status } = runBash(`printf '%s\\0' ${sample.map(quote).join(' ')}`);
      expect(status).toBe(0);
      expect(stdout.split('\0').slice(0, -1)).toEqual(sample.map(toRead));
    }),
    { numRuns: 40 },
  );
});

it('keeps every text on one line', () => {
  fc.assert(fc.property(nastyText, (text) => !/[\n\r\0]/.test(quoteShell(text))));
});

it('leaves plain words as they are, and quotes an empty one', () => {
  expect(toShellWord('/subscriptions/1/resourceGroups/rg-images')).toBe(
    '/subscriptions/1/resourceGroups/rg-images',
  );
  expect(toShellWord('')).toBe("''");
  expect(toShellWord("it's")).toBe(`'it'\\''s'`);
  expect(quoteShell('a\nb')).toBe("$'a\\012b'");
});
