import { Webhook } from 'standardwebhooks';
import type { Message } from '../../domain/record/alert.ts';
import type { Outgoing } from '../format.ts';

/** The message as it is, in JSON, signed as Standard Webhooks (https://www.standardwebhooks.com) asks. */
export function toGeneric(message: Message, { secret, now }: { secret: string; now: Date }): Outgoing {
  const body = JSON.stringify(message);
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(message.id, now, body),
    },
    body,
  };
}
