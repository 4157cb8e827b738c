import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { messageOf } from '../host/host-log.ts';
import { type LoopbackRequest, type LoopbackResponse, startLoopbackServer } from '../host/loopback-server.ts';

/** One request that the receiver got. */
interface WebhookDelivery {
  /** The `webhook-id`, which is the same on every repetition; empty where there was none. */
  id: string;
  /** Counts the deliveries of this id, from 1. */
  attempt: number;
  /** Whether the signature is right and the timestamp recent. */
  valid: boolean;
  /** Why it is not valid. */
  problem?: string;
  /** The parsed JSON, or the text where it is none. */
  body: unknown;
  headers: IncomingHttpHeaders;
  receivedAt: Date;
}

/** How the receiver answers a delivery. */
interface WebhookAnswer {
  status: number;
  headers?: Record<string, string>;
}

/** How to start a receiver. */
export interface WebhookReceiverOptions {
  /** As in Standard Webhooks: `whsec_` and base64. */
  secret: string;
  /** A free one by default. */
  port?: number;
  /** By default 204 for a valid delivery, and 401 for another. */
  answer?: (delivery: WebhookDelivery, attempt: number) => WebhookAnswer;
  /** Told of each delivery before it is answered. */
  onDelivery?: (delivery: WebhookDelivery) => void;
}

/** A receiver of Standard Webhooks on 127.0.0.1. */
export interface WebhookReceiver {
  url: string;
  /** All deliveries, in the order they came. */
  deliveries: WebhookDelivery[];
  /** The first delivery that `next` has not returned yet, as soon as it is there. */
  next(): Promise<WebhookDelivery>;
  close(): Promise<void>;
}

/** Starts a receiver of Standard Webhooks (https://www.standardwebhooks.com) that verifies what it gets. */
export async function startWebhookReceiver(options: WebhookReceiverOptions): Promise<WebhookReceiver> {
  const { secret, port, answer = answerByValidity, onDelivery } = options;
  const webhook = new Webhook(secret);
  const deliveries: WebhookDelivery[] = [];
  const waiting: ((delivery: WebhookDelivery) => void)[] = [];
  let taken = 0;

  const server = await startLoopbackServer(async (request): Promise<LoopbackResponse> => {
    const delivery = toDelivery(request, webhook, deliveries);
    deliveries.push(delivery);
    onDelivery?.(delivery);
    waiting.shift()?.(delivery);
    return answer(delivery, delivery.attempt);
  }, port);

  return {
    url: server.url,
    deliveries,
    next() {
      const delivery = deliveries[taken];
      taken += 1;
      return delivery ? Promise.resolve(delivery) : new Promise((resolve) => waiting.push(resolve));
    },
    close: () => server.close(),
  };
}

function answerByValidity({ valid }: WebhookDelivery): WebhookAnswer {
  return { status: valid ? 204 : 401 };
}

function toDelivery(request: LoopbackRequest, webhook: Webhook, earlier: WebhookDelivery[]): WebhookDelivery {
  const id = String(request.headers['webhook-id'] ?? '');
  const problem = findProblem(request, webhook);
  return {
    id,
    attempt: earlier.filter((delivery) => delivery.id === id).length + 1,
    valid: problem === undefined,
    ...(problem !== undefined && { problem }),
    body: parseBody(request.body.toString('utf8')),
    headers: request.headers,
    receivedAt: new Date(),
  };
}

function findProblem({ body, headers }: LoopbackRequest, webhook: Webhook): string | undefined {
  try {
    webhook.verify(body, headers as Record<string, string>, { jsonParse: false });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
