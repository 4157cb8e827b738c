import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteBicep } from '../../src/remedy/quote-bicep.ts';
import { nastyText, toWritten } from './texts.ts';
import { bicepCli, compileBicep } from './tools.ts';

it.skipIf(!bicepCli)('the Bicep CLI reads back every quoted text', () => {
  const sample = fc.sample(nastyText, 600);
  const { complaints, templates } = compileBicep([
    `#disable-diagnostics no-unused-vars\nvar texts = [\n${sample.map((text) => `  ${quoteBicep(text)}`).join('\n')}\n]\noutput all array = texts`,
  ]);
  expect(complaints.filter((line) => line.includes(' : Error '))).toEqual([]);
  // In a template, a literal text in brackets begins with two, lest it be taken for an expression.
  const toLiteral = (text: string) => (/^\[\[.*\]$/s.test(text) ? text.slice(1) : text);
  const read = (templates[0]?.variables?.texts ?? []) as string[];
  expect(read.map(toLiteral)).toEqual(sample.map(toWritten));
});

it('keeps every text on one line', () => {
  fc.assert(fc.property(nastyText, (text) => !/[\n\r\u2028\u2029]/.test(quoteBicep(text))));
});

it('leaves no quote and no interpolation unescaped', () => {
  const literal = /^'(?:[^'\\$]|\\['\\nrt$]|\\u\{[0-9a-f]+\}|\$(?!\{))*'$/su;
  fc.assert(fc.property(nastyText, (text) => literal.test(quoteBicep(text))));
  expect(quoteBicep(`it's \${a} \\`)).toBe(`'it\\'s \\\${a} \\\\'`);
});
