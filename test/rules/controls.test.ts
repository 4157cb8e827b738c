import { expect, it } from 'vitest';
import { catalog } from '../../src/rules/catalog.ts';
import { controlsByRule, toControls } from '../../src/rules/controls.ts';

it('names no rule that there is not', () => {
  const ids = new Set(catalog.map(({ id }) => id));
  expect(Object.keys(controlsByRule).filter((id) => !ids.has(id))).toEqual([]);
});

it('says of each control why it is supported, and where that is published', () => {
  for (const control of Object.values(controlsByRule).flat()) {
    expect(control).toMatchObject({
      framework: expect.stringMatching(/\d|HIPAA/),
      control: expect.stringMatching(/^[A-Z]{0,2}[-\d]/),
      title: expect.stringMatching(/^[A-Z]/),
      basis: expect.stringMatching(/^(Azure Policy [\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}, |its text: )/),
      link: expect.stringMatching(/^https:\/\/(learn\.microsoft\.com|github\.com\/Azure)\//),
    });
  }
});

it('gives no control to a rule that no mapping speaks of', () => {
  for (const id of ['kv_missing', 'kv_networkblocked', 'key_noaccess']) expect(toControls(id)).toEqual([]);
});
