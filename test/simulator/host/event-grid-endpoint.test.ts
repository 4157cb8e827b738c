import { app } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { FunctionsHostOptions } from '../../../simulator/host/functions-host.ts';
import { createGate, startFixtureHost } from './fixture-host.ts';

const eventGridEvent = (id: string, data: object = { secret: 'claims' }) => ({
  id,
  topic: '/subscriptions/s',
  subject: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r',
  eventType: 'Microsoft.Resources.ResourceWriteSuccess',
  eventTime: '2026-01-01T00:00:00Z',
  dataVersion: '2',
  metadataVersion: '1',
  data,
});

const cloudEvent = (id: string) => ({
  specversion: '1.0',
  id,
  source: '/subscriptions/s',
  type: 'Microsoft.Resources.ResourceWriteSuccess',
  data: { a: 1 },
});

async function startEventHost(
  handle: (event: { id?: string }) => unknown = () => {},
  options: Partial<FunctionsHostOptions> = {},
) {
  const seen: unknown[] = [];
  const metadata: unknown[] = [];
  const fixture = await startFixtureHost(() => {
    app.eventGrid('resourceChanged', {
      handler: async (event, context) => {
        seen.push(event);
        metadata.push(context.triggerMetadata);
        await handle(event);
      },
    });
  }, options);
  const url = `${fixture.host.url}/runtime/webhooks/eventgrid?functionName=resourceChanged`;
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { ...fixture, seen, metadata, url, post };
}

describe('handshakes', () => {
  it('returns the validation code of an Event Grid subscription', async () => {
    const { post, seen } = await startEventHost();
    const event = { ...eventGridEvent('v', { validationCode: 'abc' }), eventType: 'any' };
    const response = await post([event], { 'aeg-event-type': 'SubscriptionValidation' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ validationResponse: 'abc' });
    expect(seen).toEqual([]);
  });

  it('reads a validation code in a CloudEvent whose data is a string', async () => {
    const { post } = await startEventHost();
    const event = { ...cloudEvent('v'), data: '{"validationCode":"abc"}' };
    const response = await post(event, { 'aeg-event-type': 'SubscriptionValidation' });
    expect(await response.json()).toEqual({ validationResponse: 'abc' });
  });

  it('knows a validation event without the header', async () => {
    const { post } = await startEventHost();
    const eventType = 'Microsoft.EventGrid.SubscriptionValidationEvent';
    const response = await post([{ ...eventGridEvent('v', { validationCode: 'abc' }), eventType }]);
    expect(await response.json()).toEqual({ validationResponse: 'abc' });
  });

  it('answers the handshake of CloudEvents', async () => {
    const { url } = await startEventHost();
    const headers = { 'webhook-request-origin': 'eventgrid.azure.net' };
    const response = await fetch(url, { method: 'OPTIONS', headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('webhook-allowed-origin')).toBe('*');
    expect((await fetch(url, { method: 'OPTIONS' })).status).toBe(400);
  });

  it('accepts that a subscription ends', async () => {
    const { post, seen } = await startEventHost();
    expect((await post([{}], { 'aeg-event-type': 'Unsubscribe' })).status).toBe(202);
    expect(seen).toEqual([]);
  });
});

describe('deliveries', () => {
  const json = { 'content-type': 'application/json', 'aeg-event-type': 'Notification' };
  const cloud = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
  const cloudBatch = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' };

  it.each([
    ['an array in Event Grid schema', [eventGridEvent('1')], json],
    ['a batch in Event Grid schema', [eventGridEvent('1'), eventGridEvent('2')], json],
    ['a single object in Event Grid schema', eventGridEvent('1'), json],
    ['a CloudEvent', cloudEvent('1'), cloud],
    ['a batch of CloudEvents', [cloudEvent('1'), cloudEvent('2')], cloudBatch],
    ['what a plain curl sends', [eventGridEvent('1')], {}],
    ['any object that Event Grid notifies of', [{ odd: true }], json],
  ])('runs the function once for each event of %s', async (_, body, headers) => {
    const { post, seen, metadata } = await startEventHost();
    expect((await post(body, headers as Record<string, string>)).status).toBe(202);
    expect(seen).toEqual([body].flat());
    expect(metadata).toEqual([body].flat().map((event) => ({ data: 'data' in event ? event.data : null })));
  });

  it('finds the function by its exact name, and answers 404 for another', async () => {
    const { host } = await startEventHost();
    const post = (query: string) =>
      fetch(`${host.url}/runtime/webhooks/EventGrid${query}`, {
        method: 'POST',
        body: JSON.stringify([eventGridEvent('1')]),
      });
    expect((await post('?functionname=resourceChanged&code=anything')).status).toBe(202);
    expect((await post('?functionName=RESOURCECHANGED')).status).toBe(404);
    expect((await post('?functionName=other')).status).toBe(404);
    expect(await (await post('')).text()).toContain('cannot find function');
  });

  it.each([
    [500, 'no JSON', '[{"id":', {}, 'not valid JSON'],
    [500, 'an empty body', '', {}, 'not valid JSON'],
    [500, 'a number', '1', { 'aeg-event-type': 'Notification' }, 'an event or an array'],
    [500, 'an array of numbers', '[1]', { 'aeg-event-type': 'Notification' }, 'an event or an array'],
    [400, 'no event and no header', '{"a":1}', {}, '"id"'],
    [400, 'an unknown kind', '[]', { 'aeg-event-type': 'Odd' }, 'odd'],
    [
      400,
      'a validation without a code',
      '[{}]',
      { 'aeg-event-type': 'SubscriptionValidation' },
      'validationCode',
    ],
  ])('answers %i to %s', async (status, _, body, headers, message) => {
    const { post, seen } = await startEventHost();
    const response = await post(body, headers as Record<string, string>);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(message);
    expect(seen).toEqual([]);
  });
});

describe('redelivery', () => {
  it('answers 500, and delivers only what failed again until it succeeds', async () => {
    let failuresLeft = 2;
    const { post, seen, clock, messages } = await startEventHost(({ id }) => {
      if (id === 'bad' && failuresLeft > 0) {
        failuresLeft -= 1;
        throw new Error('not yet');
      }
    });
    const response = await post([eventGridEvent('good'), eventGridEvent('bad')]);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('not yet');

    await clock.advance(9_999);
    expect(seen).toHaveLength(2);
    await clock.advance(1);
    expect(seen).toHaveLength(3);
    await clock.advance(30_000);
    expect(seen).toHaveLength(4);
    await clock.advance(24 * 3_600_000);
    expect(seen).toHaveLength(4);
    const event = 'Event bad (Microsoft.Resources.ResourceWriteSuccess)';
    expect(messages().filter((message) => message.startsWith('Event'))).toEqual([
      `${event} failed, attempt 1: not yet. Attempt 2 follows in 10 s.`,
      `${event} failed, attempt 2: not yet. Attempt 3 follows in 30 s.`,
      `${event} delivered, attempt 3.`,
    ]);
    expect(messages().join()).not.toContain('claims');
  });

  it('takes a function that is too slow for failed', async () => {
    const gate = createGate();
    const { post, seen, clock } = await startEventHost(() => gate.promise);
    const answer = post([eventGridEvent('slow')]);
    await expect.poll(() => clock.waiting(), { interval: 2 }).toEqual([30_000]);
    await clock.advance(30_000);
    const response = await answer;
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('no answer within 30 s');
    gate.resolve();
    await clock.advance(10_000);
    expect(seen).toHaveLength(2);
    expect(clock.waiting()).toEqual([]);
  });

  it('gives up after the last delay, and says so', async () => {
    const redelivery = { delaysMs: [5, 60_000], limitMs: 50 };
    const handle = () => {
      throw new Error('never');
    };
    const { post, seen, clock, messages } = await startEventHost(handle, { redelivery });
    expect((await post([cloudEvent('1')])).status).toBe(500);
    await clock.advance(60_005);
    expect(seen).toHaveLength(3);
    expect(clock.waiting()).toEqual([]);
    expect(messages()).toContain(
      'Event 1 (Microsoft.Resources.ResourceWriteSuccess) failed, attempt 3: never. Given up: no further attempt follows.',
    );
  });

  it('ends with the host', async () => {
    const { host, post, clock, messages } = await startEventHost(() => {
      throw new Error('never');
    });
    await post([eventGridEvent('1')]);
    await host.close();
    expect(clock.waiting()).toEqual([]);
    expect(messages()).toContain('Failed events that will not be delivered again: 1.');
  });
});
