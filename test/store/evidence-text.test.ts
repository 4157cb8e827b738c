import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertMessage } from '../../src/domain/record/alert.ts';
import {
  toEvidences,
  toEvidencesText,
  toEvidenceText,
  toPayloadText,
} from '../../src/store/evidence-text.ts';
import { registryAt, toAlert, toEvidence } from './samples.ts';

const maxProperty = 32_768;

const evidences = fc.record({
  values: fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue(), { maxKeys: 5 }),
  read: fc.array(fc.constant(toEvidence().read[0] as never), { maxLength: 3 }),
});

describe('evidence', () => {
  it('is kept as it is where it fits', () => {
    fc.assert(
      fc.property(evidences, (evidence) => {
        expect(toEvidenceText(evidence)).toBe(JSON.stringify(evidence));
      }),
    );
  });

  it('of all rules comes back as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), evidences), (all) => {
        expect(JSON.stringify(toEvidences(JSON.parse(toEvidencesText(all))))).toBe(JSON.stringify(all));
      }),
    );
  });

  it('of 18 rules that rest on the same reads is kept whole', () => {
    const from = `GET https://management.azure.com${'/x'.repeat(200)}`;
    const read = toEvidence().read.flatMap((each) => [each, { ...each, from }]);
    const all = Object.fromEntries(
      Array.from({ length: 18 }, (_, index) => [`rule_${index}`, { values: { status: 'on' }, read }]),
    );
    expect(toEvidences(JSON.parse(toEvidencesText(all)))).toEqual(all);
    expect(toEvidencesText(all).length).toBeLessThan(5_000);
  });

  it('that does not fit loses its longest values first', () => {
    const text = toEvidenceText(toEvidence({ long: 'x'.repeat(40_000), short: 'y'.repeat(3_000) }));
    expect(JSON.parse(text).values).toEqual({
      long: '(left out: 40002 characters)',
      short: 'y'.repeat(3_000),
    });
  });

  it('always fits', () => {
    const [read] = toEvidence().read;
    const tooManyReads = { values: {}, read: Array.from({ length: 1_000 }, () => read as never) };
    const values = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`value_${index}`, index]));
    const all = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`r${index}`, { values, read: [] }]),
    );
    expect(toEvidenceText(tooManyReads).length).toBeLessThan(maxProperty);
    expect(toEvidenceText({ values, read: [] }).length).toBeLessThan(maxProperty);
    expect(toEvidencesText(all).length).toBeLessThan(maxProperty);
    expect(toEvidences(JSON.parse(toEvidencesText(all))).r0?.read).toEqual([]);
  });
});

describe('the message of an alert', () => {
  it('loses remedies where it does not fit', () => {
    const payload = toAlert(registryAt(1)).payload as AlertMessage;
    const transition = {
      rule: 'r',
      severity: 'high',
      transition: 'opened',
      reason: 'x',
      since: 'now',
    } as const;
    const transitions = Array.from({ length: 36 }, () => ({
      ...transition,
      title: 'A title',
      remedy: 'az '.repeat(2_000),
    }));
    const text = toPayloadText({ ...payload, transitions });
    expect(text.length).toBeLessThan(maxProperty);
    expect(JSON.parse(text).transitions[35]).toMatchObject({ ...transition, title: 'A title' });
    expect(toPayloadText(payload)).toBe(JSON.stringify(payload));
  });
});
