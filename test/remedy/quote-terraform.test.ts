import { parse } from '@cdktf/hcl2json';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteTerraform } from '../../src/remedy/quote-terraform.ts';
import { nastyText, toWritten } from './texts.ts';

/** The parser keeps literal texts as templates of Terraform's JSON syntax: `$${` and `%%{` stand for themselves. */
const toLiteral = (template: string) => template.replaceAll(/([$%])\1\{/g, '$1{');

it('Terraform’s parser reads back every quoted text, and finds no template in it', async () => {
  const texts = fc.array(nastyText, { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(texts, async (sample) => {
      const { locals } = await parse(
        'sample.tf',
        `locals {\n  texts = [${sample.map(quoteTerraform).join(',\n')}]\n}`,
      );
      const read: string[] = locals[0].texts;
      expect(read.map(toLiteral)).toEqual(sample.map((text) => toWritten(text).normalize('NFC')));
      expect(read.every((text) => !/(^|[^$])\$\{|(^|[^%])%\{/.test(text))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('keeps every text on one line', () => {
  fc.assert(fc.property(nastyText, (text) => !/[\n\r]/.test(quoteTerraform(text))));
});

it('escapes what begins a template', () => {
  expect(quoteTerraform(`\${a} %{b} "c" \\`)).toBe('"$${a} %%{b} \\"c\\" \\\\"');
});
