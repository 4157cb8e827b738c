import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toComment, toCommentText } from '../../src/remedy/comment.ts';
import { nastyText } from './texts.ts';

it('never lets a text out of its comment', () => {
  fc.assert(
    fc.property(nastyText, (text) => {
      expect(toCommentText(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      for (const mark of ['#', '//'] as const) {
        for (const line of toComment(mark, text, 20).split('\n'))
          expect(line.startsWith(`${mark} `)).toBe(true);
      }
    }),
  );
});

it('wraps at words', () => {
  expect(toComment('#', 'one two three', 9)).toBe('# one two\n# three');
});
