import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  startWebhookReceiver,
  type WebhookReceiverOptions,
} from '../../../simulator/demo/webhook-receiver.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

async function startReceiver(options: Partial<WebhookReceiverOptions> = {}) {
  const receiver = await startWebhookReceiver({ secret, ...options });
  onTestFinished(() => receiver.close());
  const send = (id: string, body: string, { key = secret, at = new Date() } = {}) =>
    fetch(receiver.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(key).sign(id, at, body),
      },
    });
  return { receiver, send };
}

describe('a webhook receiver', () => {
  it('verifies, records and acknowledges a delivery', async () => {
    const { receiver, send } = await startReceiver();
    expect((await send('msg_1', '{"type":"registry.findings.changed"}')).status).toBe(204);
    expect(receiver.deliveries).toEqual([
      {
        id: 'msg_1',
        attempt: 1,
        valid: true,
        body: { type: 'registry.findings.changed' },
        headers: expect.objectContaining({ 'webhook-id': 'msg_1' }),
        receivedAt: expect.any(Date),
      },
    ]);
  });

  it('refuses a wrong secret, an old timestamp and a request without a signature', async () => {
    const { receiver, send } = await startReceiver();
    const key = `whsec_${Buffer.from('another secret').toString('base64')}`;
    expect((await send('a', '{}', { key })).status).toBe(401);
    expect((await send('b', '{}', { at: new Date(Date.now() - 3_600_000) })).status).toBe(401);
    expect((await fetch(receiver.url, { method: 'POST', body: 'no json' })).status).toBe(401);
    expect(receiver.deliveries.map(({ id, valid, problem, body }) => [id, valid, problem, body])).toEqual([
      ['a', false, 'No matching signature found', {}],
      ['b', false, 'Message timestamp too old', {}],
      ['', false, 'Missing required headers', 'no json'],
    ]);
  });

  it('answers as it is told, and counts the attempts of an id', async () => {
    const { receiver, send } = await startReceiver({
      answer: (_, attempt) =>
        attempt < 3 ? { status: 503, headers: { 'retry-after': '1' } } : { status: 200 },
    });
    const first = await send('msg', '{}');
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await send('other', '{}')).status).toBe(503);
    expect((await send('msg', '{}')).status).toBe(503);
    expect((await send('msg', '{}')).status).toBe(200);
    expect(receiver.deliveries.map(({ attempt }) => attempt)).toEqual([1, 1, 2, 3]);
  });

  it('hands over each delivery once, to who waits and to who asks later', async () => {
    const told: string[] = [];
    const { receiver, send } = await startReceiver({ onDelivery: ({ id }) => told.push(id) });
    const waiting = [receiver.next(), receiver.next()];
    for (const id of ['1', '2', '3', '4']) {
      await send(id, '{}');
    }
    const all = await Promise.all([...waiting, receiver.next(), receiver.next()]);
    expect(all.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    expect(told).toEqual(['1', '2', '3', '4']);
  });
});
