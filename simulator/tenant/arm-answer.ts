import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** One request as the simulated Resource Manager received it. */
export interface ArmRequest {
  method: string;
  /** Path without query, decoded */
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** The parsed JSON body of a POST */
  body: unknown;
}

/** How a request is answered: properly, or in one of the ways that networks and gateways fail. */
export type ArmAnswer =
  | { kind: 'json'; status: number; headers?: Record<string, string>; body: unknown }
  | { kind: 'text'; status: number; headers?: Record<string, string>; contentType: string; text: string }
  /** JSON of which half is sent before the connection breaks */
  | { kind: 'cut'; status: number; headers?: Record<string, string>; body: unknown }
  /** Never answered; the connection stays open */
  | { kind: 'silence' }
  /** The connection is closed without an answer */
  | { kind: 'reset' };

const json = 'application/json; charset=utf-8';

/** Sends an answer after `latency` milliseconds. */
export async function sendAnswer(
  response: ServerResponse,
  answer: ArmAnswer,
  latency: number,
): Promise<void> {
  if (latency > 0) await delay(latency, undefined, { ref: false });
  switch (answer.kind) {
    case 'json':
      response.writeHead(answer.status, { 'content-type': json, ...answer.headers });
      response.end(JSON.stringify(answer.body));
      return;
    case 'text':
      response.writeHead(answer.status, { 'content-type': answer.contentType, ...answer.headers });
      response.end(answer.text);
      return;
    case 'cut':
      sendHalf(response, answer);
      return;
    case 'silence':
      return;
    case 'reset':
      response.socket?.destroy();
      return;
    default:
      answer satisfies never;
  }
}

function sendHalf(response: ServerResponse, answer: ArmAnswer & { kind: 'cut' }): void {
  const whole = Buffer.from(JSON.stringify(answer.body));
  const headers = { 'content-type': json, ...answer.headers, 'content-length': whole.length };
  response.writeHead(answer.status, headers);
  response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.socket?.destroy());
}
