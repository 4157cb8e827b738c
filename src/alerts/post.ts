import { toRetryAfter } from '../domain/estate/retry-after.ts';
import type { Delivery } from '../monitor/ports/ports.ts';
import type { Outgoing } from './format.ts';

/** Posts what a format made; never throws, and names no address, which is a secret. Times are in milliseconds. */
export async function post(
  url: string,
  { headers, body }: Outgoing,
  { timeout, now }: { timeout: number; now: Date },
): Promise<Delivery> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
      headers: { 'user-agent': 'acr-cmk-monitor', ...headers },
      body,
    });
    await response.body?.cancel();
    return toDelivery(response, now);
  } catch (error) {
    return { state: 'failed', error: toCause(error, timeout) };
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

function toCause(error: unknown, timeout: number): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `no answer within ${timeout / 1000} s`;
  return cause?.code ?? 'the connection failed';
}
