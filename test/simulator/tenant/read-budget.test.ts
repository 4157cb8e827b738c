import { expect, test } from 'vitest';
import { createReadBudget } from '../../../simulator/tenant/read-budget.ts';

test('gives 250 reads at once, then 25 a second, for each subscription', () => {
  let now = 0;
  const budget = createReadBudget(() => now);
  const takeUntilRefused = () => {
    let taken = 0;
    while (budget.take('a').isAllowed) taken += 1;
    return taken;
  };
  expect(takeUntilRefused()).toBe(250);
  expect(budget.take('a')).toEqual({ isAllowed: false, retryAfter: 1 });
  expect(budget.take('b')).toEqual({ isAllowed: true, remaining: 249 });
  now = 2000;
  expect(takeUntilRefused()).toBe(50);
  now = 60_000;
  expect(takeUntilRefused()).toBe(250);
});
