import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startWebhookReceiver, type WebhookReceiverOptions } from '../../simulator/demo/webhook-receiver.ts';
import { closeServer, listenOnLoopback } from '../../simulator/tenant/tenant-servers.ts';
import { createSink as buildSink, type SinkOptions } from '../../src/alerts/sinks.ts';
import { registryAt, toAlert } from '../store/samples.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** Part of the address that stands for the secret in it. */
const secretPath = '/hook-of-nobody-else';
const message = toAlert(registryAt(1), { id: 'msg_1' }).payload;

function createSink(url: string, options: Partial<SinkOptions> = {}) {
  return buildSink({
    name: 'webhook',
    url: `${url}${secretPath}`,
    secret,
    minSeverity: 'low',
    now: () => new Date(),
    ...options,
  });
}

async function openReceiver(options: Partial<WebhookReceiverOptions> = {}) {
  const receiver = await startWebhookReceiver({ secret, ...options });
  onTestFinished(() => receiver.close());
  return { receiver, sink: createSink(receiver.url) };
}

/** Starts a server that does with a request whatever it is told. */
async function openServer(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(listener);
  const port = await listenOnLoopback(server);
  onTestFinished(() => closeServer(server));
  return `http://127.0.0.1:${port}`;
}

describe('a delivery', () => {
  it('posts the message as JSON, with a signature that the library of Standard Webhooks verifies', async () => {
    const { receiver, sink } = await openReceiver();
    expect(await sink.deliver(message)).toEqual({ state: 'delivered' });
    const [delivery] = receiver.deliveries;
    expect(delivery).toMatchObject({
      id: 'msg_1',
      valid: true,
      body: message,
      headers: { 'content-type': 'application/json' },
    });
    const verify = () =>
      new Webhook(secret).verify(JSON.stringify(delivery?.body), delivery?.headers as Record<string, string>);
    expect(verify()).toEqual(message);
  });

  it('carries the time of this try and the same id on every repeat', async () => {
    const { receiver } = await openReceiver({ answer: () => ({ status: 500 }) });
    const times = ['2026-08-01T10:00:00.900Z', '2026-08-01T10:05:00.000Z'];
    const sink = createSink(receiver.url, { now: () => new Date(times.shift() ?? 0) });
    await sink.deliver(message);
    await sink.deliver(message);
    expect(receiver.deliveries.map(({ id, attempt }) => [id, attempt])).toEqual([
      ['msg_1', 1],
      ['msg_1', 2],
    ]);
    expect(receiver.deliveries.map(({ headers }) => headers['webhook-timestamp'])).toEqual([
      '1785578400',
      '1785578700',
    ]);
  });

  it.each([200, 201, 202, 204])('has succeeded with %i', async (status) => {
    const { sink } = await openReceiver({ answer: () => ({ status }) });
    expect(await sink.deliver(message)).toEqual({ state: 'delivered' });
  });

  it('has succeeded with 200 though the body never ends', async () => {
    const url = await openServer((_, response) => {
      response.writeHead(200);
      response.write('thank you');
    });
    expect(await createSink(url).deliver(message)).toEqual({ state: 'delivered' });
  });

  it.each([400, 401, 404, 429, 500, 503])('has failed with %i', async (status) => {
    const { sink } = await openReceiver({ answer: () => ({ status }) });
    expect(await sink.deliver(message)).toEqual({ state: 'failed', error: `HTTP ${status}` });
  });

  it('is refused for good with 410', async () => {
    const { sink } = await openReceiver({ answer: () => ({ status: 410 }) });
    expect(await sink.deliver(message)).toMatchObject({ state: 'refused' });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect with %i', async (status) => {
    const other = await openReceiver();
    const { sink } = await openReceiver({
      answer: () => ({ status, headers: { location: other.receiver.url } }),
    });
    expect(await sink.deliver(message)).toEqual({
      state: 'failed',
      error: `HTTP ${status}: redirects are not followed`,
    });
    expect(other.receiver.deliveries).toEqual([]);
  });
});

describe('a wait that the receiver asks for', () => {
  const now = () => new Date('2026-08-01T10:00:00.000Z');

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sat, 01 Aug 2026 10:01:30 GMT', 90_000],
    ['Sat, 01 Aug 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    ['99999999999999999999', 86_400_000],
  ])('of "%s" is %j ms', async (header, retryAfter) => {
    const { receiver } = await openReceiver({
      answer: () => ({ status: 429, headers: { 'retry-after': header } }),
    });
    const delivery = await createSink(receiver.url, { now }).deliver(message);
    expect(delivery).toEqual({
      state: 'failed',
      error: 'HTTP 429',
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  });
});

describe('a receiver that can not be reached', () => {
  it('fails the delivery after the time-out', async () => {
    const url = await openServer(() => {});
    expect(await createSink(url, { timeout: 50 }).deliver(message)).toEqual({
      state: 'failed',
      error: 'no answer within 0.05 s',
    });
  });

  it('fails the delivery when it breaks the connection', async () => {
    const url = await openServer((request) => request.socket.destroy());
    expect(await createSink(url).deliver(message)).toMatchObject({ state: 'failed' });
  });

  it('never puts the address into the error', async () => {
    const urls = [
      await openServer((request) => request.socket.destroy()),
      await openServer((_, response) => response.writeHead(500, 'Failed at http://elsewhere').end()),
      'http://127.0.0.1:1',
      'https://no-such-host.invalid',
    ];
    for (const url of urls) {
      const delivery = await createSink(url, { timeout: 2_000 }).deliver(message);
      expect(delivery).toMatchObject({ state: 'failed', error: expect.any(String) });
      expect(JSON.stringify(delivery)).not.toMatch(/hook-of-nobody|http:|127\.0\.0\.1|invalid/);
    }
  });
});
