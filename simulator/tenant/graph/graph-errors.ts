import { randomUUID } from 'node:crypto';
import type { ArmAnswer } from '../arm-answer.ts';
import type { FaultDetail } from './query-fault.ts';

/** 400: the query, or what came with it, is wrong. */
export function invalidQuery(detail: FaultDetail): ArmAnswer {
  if (detail.line === undefined) return graphError(400, 'BadRequest', [detail]);
  const message =
    'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.';
  return graphError(400, 'BadRequest', [{ code: 'InvalidQuery', message }, detail]);
}

/** 400: a page holds more bytes than an answer may; `size` and `limit` are in bytes. */
export function payloadTooLarge(size: number, limit: number): ArmAnswer {
  const message = `Response payload size is ${size}, and has exceeded the limit of ${limit}. Please consider querying less data at a time and make paginated call if needed.`;
  return graphError(400, 'BadRequest', [{ code: 'ResponsePayloadTooLarge', message }]);
}

/** 403: the caller may read nothing of what the query is about. */
export function accessDenied(): ArmAnswer {
  const message = 'Access is denied to the requested resource. The user might not have enough permission.';
  return graphError(403, 'AccessDenied', [{ code: 'AccessDenied', message }]);
}

/** 429: the quota is used up; it is full again after `seconds`. */
export function rateLimited(seconds: number): ArmAnswer {
  const message =
    'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.';
  const headers = { 'retry-after': String(seconds) };
  return graphError(429, 'RateLimiting', [{ code: 'RateLimiting', message }], headers);
}

function graphError(
  status: number,
  code: string,
  details: FaultDetail[],
  headers: Record<string, string> = {},
): ArmAnswer {
  const message = `Please provide below info when asking for support: timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`;
  return { kind: 'json', status, headers, body: { error: { code, message, details } } };
}
