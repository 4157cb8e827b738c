import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  invertRevision,
  invertTime,
  partitions,
  toChangeKey,
  toPartition,
  toPrefixRange,
  toRegistryName,
} from '../../src/store/keys.ts';
import { now, registryAt } from './samples.ts';

describe('keys', () => {
  it.each([
    ['ABC', 'a'],
    ['0bc', '0'],
    ['f', 'f'],
  ])('put subscription %s into partition %s', (subscription, partition) => {
    expect(toPartition(subscription)).toBe(partition);
  });

  it('put any text into one of 16 partitions, whatever its casing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(partitions).toContain(toPartition(text));
        expect(toPartition(text)).toBe(toPartition(text));
      }),
    );
  });

  it('sort later revisions first', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 2 ** 31 - 1 }), (a, b) => {
        expect(invertRevision(a) < invertRevision(b)).toBe(a > b);
      }),
    );
  });

  it('sort later times first', () => {
    const time = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(time, time, (a, b) => {
        expect(invertTime(a.toISOString()) < invertTime(b.toISOString())).toBe(a > b);
      }),
    );
  });

  it('refuse what is no time and no id', () => {
    expect(() => invertTime('yesterday')).toThrow('Not a time: "yesterday"');
    expect(() => toRegistryName('acr')).toThrow('Not the id of a registry: "acr"');
  });

  it('are in the range of their prefix, and no others are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (prefix, rest, other) => {
        const { from, below } = toPrefixRange('0', prefix);
        const key = prefix + rest;
        expect(key >= from && key < below).toBe(true);
        expect(other >= from && other < below).toBe(other.startsWith(prefix));
      }),
    );
  });

  it('of a change start with its time', () => {
    expect(toChangeKey(registryAt(1), now, 'acr_nocmk')).toBe(
      `change|${invertTime(now)}|${registryAt(1).subscriptionId}|rg-one|acrone|acr_nocmk`,
    );
  });
});
