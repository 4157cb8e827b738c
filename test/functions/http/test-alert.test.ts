import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startWebhookReceiver } from '../../../simulator/demo/webhook-receiver.ts';
import { startMonitorHost } from '../monitor-host.ts';

let monitor: Awaited<ReturnType<typeof startMonitorHost>>;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let status: number;

beforeAll(async () => {
  monitor = await startMonitorHost();
  const secret = monitor.settings.ALERT_WEBHOOK_SECRET;
  receiver = await startWebhookReceiver({ secret, answer: () => ({ status }) });
  // Settings are read by the first request that needs them.
  vi.stubEnv('ALERT_WEBHOOK_URL', `${receiver.url}/t0p-secret`);
});
beforeEach(() => {
  status = 204;
});
afterAll(() => receiver.close());

/** Asks for a test alert, and answers with status and body. */
async function post(path = '/api/alerts/test', init: RequestInit = {}) {
  const headers = { 'x-functions-key': monitor.host.functionKey };
  const response = await fetch(monitor.host.url + path, { method: 'POST', headers, ...init });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
  };
}

describe('POST /api/alerts/test', () => {
  it('sends one signed message, answers that it was delivered, and keeps nothing', async () => {
    const before = receiver.deliveries.length;
    const answer = await post();
    expect([answer.status, answer.body]).toEqual([200, { state: 'delivered' }]);
    const sent = receiver.deliveries.slice(before);
    expect(sent).toMatchObject([
      { valid: true, attempt: 1, body: { type: 'monitor.test', id: sent[0]?.id, title: expect.any(String) } },
    ]);
    const { alerts } = await (await monitor.ask('/api/health')).json();
    expect(alerts).toEqual({ pending: 0, dead: 0 });
  });

  it('sends another message each time', async () => {
    const before = receiver.deliveries.length;
    await Promise.all([post(), post()]);
    expect(new Set(receiver.deliveries.slice(before).map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    [401, 'Sink webhook did not take it: HTTP 401'],
    [410, 'Sink webhook did not take it: HTTP 410: the receiver wants no more'],
    [500, 'Sink webhook did not take it: HTTP 500'],
    [302, 'Sink webhook did not take it: HTTP 302: redirects are not followed'],
  ])(
    'answers 502 with the reason when the webhook answers %i, and does not try again',
    async (refusal, detail) => {
      status = refusal;
      const before = receiver.deliveries.length;
      const answer = await post();
      expect([answer.status, answer.type]).toEqual([502, 'application/problem+json']);
      expect(answer.body).toEqual({ type: 'about:blank', title: 'Not delivered', status: 502, detail });
      expect(receiver.deliveries).toHaveLength(before + 1);
    },
  );

  it('tells neither the address nor the secret of the webhook', async () => {
    status = 500;
    const { text } = await post();
    expect(text).not.toContain('t0p-secret');
    expect(text).not.toContain(receiver.url);
    expect(text).not.toContain(monitor.settings.ALERT_WEBHOOK_SECRET);
  });

  it('asks for the function key, takes no parameters, and is no GET', async () => {
    const before = receiver.deliveries.length;
    const [keyless, parameter, get] = await Promise.all([
      post('/api/alerts/test', { headers: {} }),
      post('/api/alerts/test?to=everybody'),
      monitor.ask('/api/alerts/test'),
    ]);
    expect([keyless.status, parameter.status, get.status]).toEqual([401, 400, 404]);
    expect(receiver.deliveries).toHaveLength(before);
  });
});
