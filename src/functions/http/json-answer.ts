import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';

const compress = promisify(gzip);

/** Shorter bodies gain nothing, in characters. */
const worthIt = 2_000;

/** Answers JSON, compressed where the client takes that and it is worth it: the host compresses nothing. */
export async function toJsonAnswer(
  status: number,
  body: unknown,
  { headers }: HttpRequest,
): Promise<HttpResponseInit> {
  const text = JSON.stringify(body);
  const plain = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    vary: 'accept-encoding',
  };
  if (text.length < worthIt || !takesGzip(headers.get('accept-encoding') ?? '')) {
    return { status, headers: plain, body: text };
  }
  return { status, headers: { ...plain, 'content-encoding': 'gzip' }, body: await compress(text) };
}

/** Whether a list of codings (RFC 9110, 12.5.3) names gzip, or any, and does not rule it out. */
function takesGzip(accepted: string): boolean {
  const weights = new Map(
    accepted.split(',').map((part) => {
      const [coding = '', weight = 'q=1'] = part.split(';').map((text) => text.trim().toLowerCase());
      return [coding, Number(weight.replace(/^q=/, ''))] as const;
    }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
