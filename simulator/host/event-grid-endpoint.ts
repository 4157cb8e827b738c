import type { DeliveredEvent, EventDelivery } from './event-delivery.ts';
import { type HostLog, logSystem } from './host-log.ts';
import type { LoopbackRequest, LoopbackResponse } from './loopback-server.ts';
import type { EventGridFunction, LoadedFunction } from './registered-function.ts';

/** Where Event Grid delivers to. */
export const EVENT_GRID_PATH = '/runtime/webhooks/eventgrid';

const VALIDATION_EVENT = 'microsoft.eventgrid.subscriptionvalidationevent';

/** What an Event Grid endpoint needs. */
export interface EventGridEndpointOptions {
  functions: LoadedFunction<EventGridFunction>[];
  delivery: EventDelivery;
  log: HostLog;
}

/**
 * Creates the endpoint that Event Grid delivers to, in its own schema and as CloudEvents, with the handshakes
 * of both; it answers 202 when all events succeeded and 500 when one did not, as in Azure.
 */
export function createEventGridEndpoint({ functions, delivery, log }: EventGridEndpointOptions) {
  return async (request: LoopbackRequest): Promise<LoopbackResponse> => {
    if (request.method === 'OPTIONS') {
      return answerCloudEventsHandshake(request);
    }
    if (request.method !== 'POST') {
      return { status: 405, headers: { allow: 'OPTIONS, POST' } };
    }
    const name = functionNameOf(request.url);
    const loaded = functions.find(({ info }) => info.name === name);
    if (!loaded) {
      return answerText(404, `cannot find function: '${name}'`);
    }
    const events = parseEvents(request.body);
    // 500 as the real one, which fails before it looks: Event Grid repeats these until it gives them up.
    if (typeof events === 'string') {
      return answerText(500, events);
    }
    return answerEvents(loaded, request, events);
  };

  async function answerEvents(
    loaded: LoadedFunction<EventGridFunction>,
    request: LoopbackRequest,
    events: DeliveredEvent[],
  ): Promise<LoopbackResponse> {
    const kind = kindOf(request, events);
    switch (kind) {
      case 'subscriptionvalidation':
        return answerValidation(loaded.info.name, events);
      case 'notification': {
        const failure = await delivery.deliver(loaded, events);
        return failure === undefined ? { status: 202 } : answerText(500, failure);
      }
      case 'unsubscribe':
        return { status: 202 };
      case '':
        return answerText(400, 'Each event must have an "id" and an "eventType" or "type".');
      default:
        return answerText(400, `aeg-event-type '${kind}' is not known.`);
    }
  }

  function answerValidation(name: string, events: DeliveredEvent[]): LoopbackResponse {
    const validationResponse = validationCodeOf(events[0]);
    if (!validationResponse) {
      return answerText(400, 'The validation event has no "data.validationCode".');
    }
    logSystem(log, 'information', name, 'Event Grid handshake answered.');
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ validationResponse }),
    };
  }
}

/** The real endpoint takes the parameter's name in any case, but not the function's. */
function functionNameOf(url: URL): string {
  return [...url.searchParams].find(([name]) => name.toLowerCase() === 'functionname')?.[1] ?? '';
}

function answerCloudEventsHandshake(request: LoopbackRequest): LoopbackResponse {
  return request.headers['webhook-request-origin']
    ? { status: 200, headers: { allow: 'OPTIONS, POST', 'webhook-allowed-origin': '*' } }
    : answerText(400, 'The header WebHook-Request-Origin is missing.');
}

/** Event Grid says by a header what it sends; without one, as by a plain `curl`, the events themselves tell. */
function kindOf(request: LoopbackRequest, events: DeliveredEvent[]): string {
  const header = request.headers['aeg-event-type'];
  if (header !== undefined) {
    return String(header).toLowerCase();
  }
  if (!events.every((event) => typeof event.id === 'string' && typeOf(event) !== '')) {
    return '';
  }
  return events[0] && typeOf(events[0]) === VALIDATION_EVENT ? 'subscriptionvalidation' : 'notification';
}

function typeOf(event: DeliveredEvent): string {
  const type = event.eventType ?? event.type;
  return typeof type === 'string' ? type.toLowerCase() : '';
}

/** The events of a body, or what is wrong with it. */
function parseEvents(body: Buffer): DeliveredEvent[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return 'The body is not valid JSON.';
  }
  const events = Array.isArray(parsed) ? parsed : [parsed];
  return events.every(isObject) ? events : 'The body must be an event or an array of events.';
}

/** In a CloudEvent `data` can be JSON within a string. */
function validationCodeOf(event: DeliveredEvent | undefined): string | undefined {
  const data = event?.data;
  const parsed = typeof data === 'string' ? parseEvents(Buffer.from(data)) : [data];
  const first = typeof parsed === 'string' ? undefined : parsed[0];
  const code = isObject(first) ? first.validationCode : undefined;
  return typeof code === 'string' ? code : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function answerText(status: number, body: string): LoopbackResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
