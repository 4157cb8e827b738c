import type { Route } from '../domain/record/alert.ts';
import type { AlertSink } from '../monitor/ports/ports.ts';
import { toGeneric } from './formats/generic.ts';
import { post } from './post.ts';

/** Where and how alerts are posted. */
export interface SinkOptions extends Route {
  /** HTTPS, or HTTP on loopback; a secret, never logged. */
  url: string;
  /** Signing secret, `whsec_` and base64. */
  secret: string;
  /** Longest time for one delivery, in milliseconds (15,000). */
  timeout?: number;
  now(): Date;
}

/** Builds a sink: its route, and the format and address that its messages take. */
export function createSink({ url, secret, timeout = 15_000, now, ...route }: SinkOptions): AlertSink {
  return {
    ...route,
    deliver(message) {
      const time = now();
      return post(url, toGeneric(message, { secret, now: time }), { timeout, now: time });
    },
  };
}
