import { describe, expect, it } from 'vitest';
import { catalog, evaluate, findRule, ruleSet } from '../../src/rules/catalog.ts';
import { absent, found, keyedRegistry, notVisible, plainRegistry, toPosture, vault } from './postures.ts';

const postures = [
  ['without a customer-managed key', toPosture(plainRegistry())],
  ['with one', toPosture(keyedRegistry(), found(vault()))],
  ['whose key holder exists nowhere', toPosture(keyedRegistry(), absent)],
  ['whose key holder is out of sight', toPosture(keyedRegistry(), notVisible)],
  ['whose key identifier leads nowhere', toPosture(keyedRegistry({ keyIdentifier: 'nowhere' }))],
] as const;

describe('the catalog', () => {
  it('has the rules that there are so far, each once', () => {
    const ids = catalog.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toEqual(
      expect.arrayContaining(['acr_nocmk', 'kv_nosoftdelete', 'kv_nopurgeprotection', 'kv_missing']),
    );
  });

  it.each(catalog.map((rule) => [rule.id, rule] as const))('describes %s', (id, rule) => {
    expect(id).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(rule.title).toMatch(/^[A-Z].{10,120}[^.]$/);
    expect(rule.remedy).toMatch(/^[A-Z][\s\S]{20,}\.$/);
    expect(findRule(id)).toBe(rule);
  });

  it('gives rules the severity that is documented', () => {
    const severities = Object.fromEntries(catalog.map(({ id, severity }) => [id, severity]));
    expect(severities).toMatchObject({
      acr_nocmk: 'high',
      kv_nosoftdelete: 'high',
      kv_nopurgeprotection: 'high',
      kv_missing: 'critical',
    });
  });

  it('names all its rules in the name of the rule set, so that a new one changes every digest', () => {
    for (const { id } of catalog) expect(ruleSet).toContain(id);
  });

  it('knows no other rule', () => {
    expect(findRule('acr_nosuchrule')).toBeUndefined();
  });

  it.each([
    ['kv_missing', /role assignments and event subscriptions/],
    ['kv_nopurgeprotection', /can.t be undone/],
    ['acr_nocmk', /az acr import/],
  ])('warns in the remedy of %s of what its mending does not do', (id, warning) => {
    expect(findRule(id)?.remedy).toMatch(warning);
  });
});

describe.each(postures)('a registry %s', (_, posture) => {
  const verdicts = evaluate(posture);

  it('gets one verdict a rule, in the order of the catalog', () => {
    expect(verdicts.map(({ rule }) => rule)).toEqual(catalog.map(({ id }) => id));
  });

  it.each(verdicts.map((verdict) => [verdict.rule, verdict] as const))(
    'has a verdict of %s',
    (rule, verdict) => {
      expect(verdict.severity).toBe(findRule(rule)?.severity);
      expect(verdict.reason).toMatch(/^[a-z]+(_[a-z]+)*$/);
    },
  );

  it('has evidence of what was read for each verdict, and no value that was left out', () => {
    for (const { evidence } of verdicts) {
      expect(evidence.read[0]).toEqual(posture.registry.reading);
      expect(Object.values(evidence.values)).not.toContain(undefined);
    }
    const ofKeyHolder = verdicts.filter(({ rule }) => rule.startsWith('kv_'));
    for (const { evidence } of ofKeyHolder) {
      expect(evidence.read).toEqual([posture.registry.reading, ...(posture.keyHolder?.readings ?? [])]);
    }
  });

  it('gets the same verdicts again from the same posture', () => {
    expect(evaluate(structuredClone(posture))).toEqual(verdicts);
  });
});
