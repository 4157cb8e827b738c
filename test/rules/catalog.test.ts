import { describe, expect, it } from 'vitest';
import type { Severity } from '../../src/domain/record/verdict.ts';
import { catalog, findRule } from '../../src/rules/catalog.ts';
import { commonReasons } from '../../src/rules/key-holder/key-holder-rule.ts';
import { allPostures } from './all-postures.ts';
import {
  absent,
  found,
  judgeAll,
  keyedRegistry,
  notVisible,
  plainRegistry,
  toPosture,
  vault,
} from './postures.ts';

const postures = [
  ['without a customer-managed key', toPosture(plainRegistry())],
  ['with one', toPosture(keyedRegistry(), { keyHolder: found(vault()) })],
  ['whose key holder exists nowhere', toPosture(keyedRegistry(), { keyHolder: absent })],
  ['whose key holder is out of sight', toPosture(keyedRegistry(), { keyHolder: notVisible })],
  ['whose key identifier leads nowhere', toPosture(keyedRegistry({ keyIdentifier: 'nowhere' }))],
] as const;

/** Rules as they are documented: their severity, and whether they are off by default. */
const documented: Record<string, [Severity, 'off'?]> = {
  acr_nocmk: ['high'],
  kv_nosoftdelete: ['high'],
  kv_nopurgeprotection: ['high'],
  kv_missing: ['critical'],
  key_unusable: ['critical'],
  key_expiring: ['medium'],
  key_rotationstuck: ['high'],
  key_norotation: ['low', 'off'],
  key_pinned: ['medium'],
  key_noaccess: ['high'],
  acr_identitydetached: ['high'],
  acr_systemidentity: ['low'],
  kv_regionmismatch: ['low'],
  kv_networkblocked: ['high'],
  kv_shortretention: ['low'],
  acr_publicnetwork: ['medium', 'off'],
  kv_noauditlog: ['medium', 'off'],
  key_old: ['low', 'off'],
  key_weak: ['low', 'off'],
  acr_custodyoverlap: ['low', 'off'],
};

describe('the catalog', () => {
  it('has its rules in the documented order, each once', () => {
    const ids: string[] = catalog.map(({ id }) => id);
    expect(ids).toEqual(Object.keys(documented));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(catalog.map((rule) => [rule.id, rule] as const))('describes %s', (id, rule) => {
    expect(id).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(rule.title).toMatch(/^[A-Z].{10,120}[^.]$/);
    expect(rule.remedy).toMatch(/^[A-Z][\s\S]{20,}\.$/);
    expect(rule.checks).toMatch(/^[A-Z][\s\S]{20,}\.$/);
    expect(rule.why).toMatch(/^[A-Z][\s\S]{20,}\.$/);
    expect(rule.reads[0]).toBe('registry');
    expect(rule.links.length).toBeGreaterThan(0);
    for (const link of rule.links) expect(link).toMatch(/^https:\/\/learn\.microsoft\.com\/[\w/.-]+$/);
    for (const [reason, meaning] of Object.entries(rule.reasons)) {
      expect(reason).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(meaning).toMatch(/^[A-Z].{10,}\.$/);
    }
    expect(findRule(id)).toBe(rule);
  });

  it.each(catalog.map((rule) => [rule.id, rule] as const))(
    'gives %s the severity that is documented, and leaves it off where that is',
    (id, { severity, isOffByDefault }) => {
      expect([severity, ...(isOffByDefault ? ['off'] : [])]).toEqual(documented[id]);
    },
  );

  it('knows no other rule', () => {
    expect(findRule('acr_nosuchrule')).toBeUndefined();
  });

  it.each([
    ['kv_missing', /role assignments and event subscriptions/],
    ['kv_nopurgeprotection', /can.t be undone/],
    ['acr_nocmk', /az acr import/],
    ['acr_identitydetached', /support request/],
    ['acr_systemidentity', /support request/],
    ['key_noaccess', /"Managed HSM Crypto Service Encryption User" at the key/],
  ])('warns in the remedy of %s of what its mending does not do', (id, warning) => {
    expect(findRule(id)?.remedy).toMatch(warning);
  });
});

describe.each(catalog.map((rule) => [rule.id, rule] as const))('%s', (id, { reasons }) => {
  const given = allPostures.flatMap((posture) =>
    judgeAll(posture)
      .filter(({ rule }) => rule === id)
      .map(({ reason }) => reason),
  );

  it('gives no reason that is not documented', () => {
    const known = new Set([...Object.keys(commonReasons), ...Object.keys(reasons)]);
    expect(given.filter((reason) => !known.has(reason))).toEqual([]);
  });

  it('gives every reason that is documented as its own', () => {
    expect(Object.keys(reasons).filter((reason) => !given.includes(reason))).toEqual([]);
  });
});

describe.each(postures)('a registry %s', (_, posture) => {
  const verdicts = judgeAll(posture);

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
    expect(judgeAll(structuredClone(posture))).toEqual(verdicts);
  });
});
