import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rulesDocument, toRulesDocument } from '../../scripts/rules-doc.ts';
import { catalog } from '../../src/rules/catalog.ts';
import { commonReasons } from '../../src/rules/key-holder/key-holder-rule.ts';

const text = toRulesDocument(catalog);

describe('the catalogue of rules', () => {
  it(`is what ${rulesDocument} says; "npm run docs" writes it anew`, () => {
    expect(readFileSync(rulesDocument, 'utf8')).toBe(text);
  });

  it.each(catalog.map((rule) => [rule.id, rule] as const))('tells all of %s', (id, rule) => {
    const section = text.split(`\n## ${id}\n`)[1]?.split('\n## ')[0] ?? '';
    expect(section).toContain(`**${rule.title}.**`);
    for (const code of Object.keys(rule.reasons)) expect(section).toContain(`| \`${code}\` | `);
    for (const link of rule.links) expect(section).toContain(link);
    for (const heading of ['What it checks', 'Why it matters', 'Evidence', 'Remedy']) {
      expect(section).toMatch(new RegExp(`### ${heading}\\n\\n\\S`));
    }
  });

  it('lists every reason code once', () => {
    const list = text.split('## All reason codes')[1] ?? '';
    const codes = [...list.matchAll(/^- `(.+)`$/gm)].map(([, code]) => code);
    const ofRules = [commonReasons, ...catalog.map(({ reasons }) => reasons)].flatMap(Object.keys);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(codes).toEqual(expect.arrayContaining([...ofRules, 'registry_gone', 'rule_disabled']));
  });

  it('has no cell that breaks its table', () => {
    for (const table of text.matchAll(/(?:^\|.*\|\n)+/gm)) {
      const widths = table[0]
        .trimEnd()
        .split('\n')
        .map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size, table[0]).toBe(1);
    }
  });
});
