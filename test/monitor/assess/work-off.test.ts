import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNextDue, toUnfinished } from '../../../src/monitor/assess/work-off.ts';
import { toReason } from '../../../src/monitor/ports/run.ts';

const now = new Date('2026-08-01T10:00:00.000Z');
const hour = 3_600_000;

describe('when an assessment is due again', () => {
  it('is later the more often it was tried, and never before Azure wants to be asked', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(hour), (tries, retryAfter) => {
        const next = toNextDue(tries, now, retryAfter);
        const wait = Date.parse(next.due) - now.getTime();
        expect(next.tries).toBe(tries + 1);
        expect(wait).toBeGreaterThanOrEqual(Math.max(10_000, retryAfter));
        expect(wait).toBeLessThanOrEqual(hour);
        expect(next.due <= toNextDue(tries + 1, now, retryAfter).due).toBe(true);
      }),
    );
  });

  it.each([hour + 1, 1e16, Number.MAX_VALUE])('is at most an hour, though Azure asks for %d ms', (wait) => {
    expect(toNextDue(0, now, wait).due).toBe('2026-08-01T11:00:00.000Z');
  });
});

describe('an assessment', () => {
  it('has to be repeated only where nothing could be judged', () => {
    expect(toUnfinished({ state: 'assessed', transitions: [] })).toBeUndefined();
    expect(toUnfinished({ state: 'gone', transitions: [] })).toBeUndefined();
    expect(toUnfinished({ state: 'notTerminal', provisioningState: 'Creating' })).toBe(
      'provisioning_state_creating',
    );
    expect(toUnfinished({ state: 'unreadable', reason: 'subscription_lost' })).toBe('subscription_lost');
  });
});

describe('a reason', () => {
  it('is one line that fits into a row, of whatever was thrown', () => {
    expect(toReason(new Error('one\n  two'))).toBe('one two');
    expect(toReason('text')).toBe('text');
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => /^[^\r\n]{0,500}$/.test(toReason(text))),
    );
  });
});
