import { Webhook } from 'standardwebhooks';
import { toRetryAfter } from '../domain/estate/retry-after.ts';
import type { Severity } from '../domain/record/verdict.ts';
import type { AlertSink, Delivery } from '../monitor/ports/ports.ts';

/** Where and how alerts are posted. */
export interface WebhookOptions {
  /** HTTPS, or HTTP on loopback; a secret, never logged. */
  url: string;
  /** Signing secret, `whsec_` and base64. */
  secret: string;
  minSeverity: Severity;
  /** Longest time for one delivery, in milliseconds (15,000). */
  timeout?: number;
  now(): Date;
}

/** Builds the sink that posts messages as JSON, signed as Standard Webhooks (https://www.standardwebhooks.com) asks. */
export function createWebhookSink(options: WebhookOptions): AlertSink {
  const { url, secret, minSeverity, timeout = 15_000, now } = options;
  const webhook = new Webhook(secret);
  return { name: 'webhook', minSeverity, deliver };

  async function deliver(message: { id: string }): Promise<Delivery> {
    const time = now();
    const body = JSON.stringify(message);
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'acr-cmk-monitor',
          'webhook-id': message.id,
          'webhook-timestamp': String(Math.floor(time.getTime() / 1000)),
          'webhook-signature': webhook.sign(message.id, time, body),
        },
        body,
      });
      await response.body?.cancel();
      return toDelivery(response, time);
    } catch (error) {
      return { state: 'failed', error: toCause(error, timeout) };
    }
  }
}

function toDelivery({ status, headers }: Response, now: Date): Delivery {
  if (status >= 200 && status < 300) return { state: 'delivered' };
  if (status === 410) return { state: 'refused', error: 'HTTP 410: the receiver wants no more' };
  const isRedirect = status >= 300 && status < 400;
  const error = isRedirect ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`;
  const retryAfter = toRetryAfter(headers.get('retry-after'), now);
  return { state: 'failed', error, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** Says what went wrong without the address, which is a secret. */
function toCause(error: unknown, timeout: number): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `no answer within ${timeout / 1000} s`;
  return cause?.code ?? 'the connection failed';
}
