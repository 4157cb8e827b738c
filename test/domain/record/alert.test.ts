import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Route, toAlerting, toMessageId } from '../../../src/domain/record/alert.ts';
import type { Transition } from '../../../src/domain/record/finding.ts';
import { isAtLeast, severities } from '../../../src/domain/record/verdict.ts';

const toTransition = (
  transition: Transition['transition'],
  severity: Transition['severity'] = 'high',
): Transition => ({ rule: 'acr_nocmk', severity, transition, reason: 'encryption_disabled' });

const subscription = '1f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b';
const toRoute = (minSeverity: Route['minSeverity']): Route => ({ name: 'inbox', minSeverity });

describe('a message id', () => {
  it('is the same whenever the same thing is told', () => {
    expect(toMessageId('/subscriptions/s', 3, 'webhook')).toBe(toMessageId('/subscriptions/s', 3, 'webhook'));
    expect(toMessageId('/subscriptions/s', 3, 'webhook')).toMatch(/^msg_[0-9a-f]{32}$/);
  });

  it('does not run its parts together', () => {
    expect(toMessageId('acr', 11)).not.toBe(toMessageId('acr1', 1));
  });

  it('is another one for every other registry, revision and sink', () => {
    const parts = fc.tuple(
      fc.stringMatching(/^[a-z/]{0,9}$/),
      fc.nat(30),
      fc.constantFrom('webhook', 'slack'),
    );
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(toMessageId(...one) === toMessageId(...other)).toBe(isSame);
      }),
    );
  });
});

describe('of the transitions', () => {
  it.each(['opened', 'reopened', 'resolved', 'closed'] as const)('%s is alerted', (transition) => {
    expect(toAlerting([toTransition(transition)], subscription, toRoute('low'))).toEqual([
      toTransition(transition),
    ]);
  });

  it.each(['obscured', 'revealed', 'exempted', 'unexempted'] as const)('%s is not alerted', (transition) => {
    expect(toAlerting([toTransition(transition)], subscription, toRoute('low'))).toEqual([]);
  });

  it.each([
    ['critical', ['critical']],
    ['high', ['critical', 'high']],
    ['medium', ['critical', 'high', 'medium']],
    ['low', ['critical', 'high', 'medium', 'low']],
  ] as const)('those from %s on are told to a sink of that severity', (floor, told) => {
    const all = severities.map((severity) => toTransition('opened', severity));
    expect(toAlerting(all, subscription, toRoute(floor)).map(({ severity }) => severity)).toEqual(told);
  });

  it('those of other rules or subscriptions are not told to a sink that names some', () => {
    const all = [toTransition('opened'), toTransition('resolved')];
    const rule = all[0]?.rule ?? '';
    const told = (route: Partial<Route>) =>
      toAlerting(all, subscription.toUpperCase(), { ...toRoute('low'), ...route });
    expect(told({ rules: [rule], subscriptions: [subscription] })).toEqual(all);
    expect(told({ rules: ['kv_nosuchrule'] })).toEqual([]);
    expect(told({ subscriptions: ['0f0f0f0f-0000-4000-8000-000000000000'] })).toEqual([]);
  });

  it('those to tell keep their order', () => {
    const all = [toTransition('resolved', 'low'), toTransition('opened', 'critical'), toTransition('closed')];
    expect(toAlerting(all, subscription, toRoute('medium')).map(({ transition }) => transition)).toEqual([
      'opened',
      'closed',
    ]);
  });
});

it('severities are ordered from critical to low', () => {
  const order = severities.map((one) => severities.map((other) => isAtLeast(one, other)));
  expect(order).toEqual([
    [true, true, true, true],
    [false, true, true, true],
    [false, false, true, true],
    [false, false, false, true],
  ]);
});
