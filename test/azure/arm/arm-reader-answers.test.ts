import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArmAnswer } from '../../../simulator/tenant/arm-answer.ts';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { observe, operations, startArm, token } from './arm-fixture.ts';

/** Stands in every body: no message may ever hold it. */
const canary = 'text-of-the-body';

/** What every operation has to make of an answer: a state, or a failure after so many calls. */
interface Case {
  answer: ArmAnswer;
  state?: 'gone' | 'forbidden' | 'subscriptionLost';
  calls?: number;
  /** Part of the failure's message. */
  says?: string;
  retryAfter?: number;
}

const html = `<html><body>${canary}</body></html>`;
const text = (status: number, contentType: string, body: string): ArmAnswer => ({
  kind: 'text',
  status,
  contentType,
  text: body,
});
const json = (status: number, body: unknown, headers = {}): ArmAnswer => ({
  kind: 'json',
  status,
  body,
  headers,
});

const cases: Record<string, Case> = {
  '403 with a code': { answer: errorAnswer(403, 'AuthorizationFailed', canary), state: 'forbidden' },
  '403 with a page of HTML': { answer: text(403, 'text/html', html), state: 'forbidden' },
  '400 ForbiddenByRbac': { answer: errorAnswer(400, 'ForbiddenByRbac', canary), state: 'forbidden' },
  '401 RBACAccessDenied': { answer: errorAnswer(401, 'RBACAccessDenied', canary), state: 'forbidden' },
  '404 ResourceNotFound': { answer: errorAnswer(404, 'ResourceNotFound', canary), state: 'gone' },
  '404 resourcegroupnotfound': { answer: errorAnswer(404, 'resourcegroupnotfound', canary), state: 'gone' },
  '404 SubscriptionNotFound': {
    answer: errorAnswer(404, 'SubscriptionNotFound', canary),
    state: 'subscriptionLost',
  },
  '404 with another code': {
    answer: errorAnswer(404, 'InvalidResourceType', canary),
    says: 'HTTP 404 (InvalidResourceType)',
  },
  '404 with a code that is no word': { answer: errorAnswer(404, canary.repeat(9), ''), says: 'HTTP 404' },
  '404 without a code': { answer: json(404, { Message: canary }), says: 'HTTP 404' },
  '404 without a body': { answer: text(404, 'application/json', ''), says: 'HTTP 404' },
  '400 ResourceNotFound': { answer: errorAnswer(400, 'ResourceNotFound', canary), says: 'HTTP 400' },
  '401': { answer: errorAnswer(401, 'ExpiredAuthenticationToken', canary), says: 'HTTP 401' },
  '429 without Retry-After': { answer: errorAnswer(429, 'TooManyRequests', canary), says: 'HTTP 429' },
  '429 with Retry-After': {
    answer: errorAnswer(429, 'TooManyRequests', canary, { 'retry-after': '1' }),
    says: 'HTTP 429',
    calls: 4,
    retryAfter: 1000,
  },
  '500 with a bare string': { answer: json(500, canary), says: 'HTTP 500', calls: 4 },
  '500 in the shape of Key Vault': { answer: json(500, { Message: canary }), says: 'HTTP 500', calls: 4 },
  '502 with a page of HTML': { answer: text(502, 'text/html', html), says: 'HTTP 502', calls: 4 },
  '503 that is no JSON though it says so': {
    answer: text(503, 'application/json', canary),
    says: 'HTTP 503',
    calls: 4,
  },
  '200 with a page of HTML': { answer: text(200, 'text/html', html) },
  '200 that is no JSON though it says so': { answer: text(200, 'application/json', canary) },
  '200 with {}': { answer: json(200, {}), says: 'the body lacks' },
  '200 with null': { answer: json(200, null), says: 'the body lacks' },
  '200 with []': { answer: json(200, []), says: 'the body lacks' },
  '200 with an empty body': { answer: text(200, 'application/json', ''), says: 'the body lacks' },
  '200 with a body cut in half': { answer: { kind: 'cut', status: 200, body: { value: [canary] } } },
  '204 without a body': { answer: text(204, 'application/json', ''), says: 'HTTP 204' },
  'a broken connection': { answer: { kind: 'reset' }, says: 'ECONNRESET', calls: 4 },
};

type Outcomes = Record<string, Awaited<ReturnType<typeof observe>>>;

/** Whoever waits does so at the same time: the SDK's repeats take seconds. */
async function observeAll(): Promise<{ outcomes: Record<string, Outcomes>; close(): Promise<unknown> }> {
  const closing: (() => Promise<void>)[] = [];
  const observed = Object.entries(cases).map(async ([name, { answer }]) => {
    const { tenant, reader } = await startArm({ intercept: () => answer });
    closing.push(tenant.close);
    const calls = Object.entries(operations).map(async ([operation, { call }]) => [
      operation,
      await observe(reader, call),
    ]);
    return [name, Object.fromEntries(await Promise.all(calls))];
  });
  return {
    outcomes: Object.fromEntries(await Promise.all(observed)),
    close: () => Promise.all(closing.map((close) => close())),
  };
}

describe('an ARM that answers every call alike', () => {
  let observed: Awaited<ReturnType<typeof observeAll>>;
  beforeAll(async () => {
    observed = await observeAll();
  });
  afterAll(() => observed.close());

  describe.each(Object.keys(cases))('with %s', (name) => {
    const { answer: sent, state, says = '', calls = 1, retryAfter } = cases[name] ?? {};

    it.each(Object.keys(operations))('%s', (operation) => {
      const { answer, failure, calls: made } = observed.outcomes[name]?.[operation] ?? {};
      expect(made).toBe(calls);
      // Without the list of subscriptions there is no sweep, whatever the reason.
      if (state && operation !== 'listSubscriptions') {
        expect(answer).toMatchObject({
          state,
          reading: { status: sent && 'status' in sent ? sent.status : 0 },
        });
        return;
      }
      expect(failure?.message).toContain(says);
      expect(failure?.message).toContain(operations[operation]?.named);
      expect(failure?.message).not.toContain(canary);
      expect(failure?.message).not.toContain(token);
      expect(failure).toMatchObject({ retryAfter, isSignIn: false });
    });
  });
});
