import { expect, it } from 'vitest';
import { catalog, findRule } from '../../src/rules/catalog.ts';
import type { Rule } from '../../src/rules/rule.ts';

it('say why a rule supports each, and where that is published', () => {
  const controls = catalog.flatMap((rule: Rule) => rule.controls ?? []);
  expect(controls.length).toBeGreaterThan(10);
  for (const control of controls) {
    expect(control).toMatchObject({
      framework: expect.stringMatching(/\d|HIPAA/),
      control: expect.stringMatching(/^[A-Z]{0,2}[-\d]/),
      title: expect.stringMatching(/^[A-Z]/),
      basis: expect.stringMatching(/^(Azure Policy [\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}, |its text: )/),
      link: expect.stringMatching(/^https:\/\/(learn\.microsoft\.com|github\.com\/Azure)\//),
    });
  }
});

it('are none where no mapping speaks of the rule; of vault firewalls the mapped policies ask for the opposite', () => {
  for (const id of ['kv_missing', 'kv_networkblocked', 'key_noaccess']) {
    expect(findRule(id)?.controls).toBeUndefined();
  }
});
