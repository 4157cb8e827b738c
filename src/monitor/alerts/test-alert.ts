import { toMessageId } from '../../domain/record/alert.ts';
import type { AlertSink, Delivery } from '../ports/ports.ts';

/** Sends a message that says nothing but that messages arrive; it is not kept, and not repeated. */
export function sendTestAlert(sink: AlertSink, now: Date): Promise<Delivery> {
  const time = now.toISOString();
  const title = 'Test alert of acr-cmk-monitor: messages arrive';
  return sink.deliver({
    type: 'monitor.test',
    id: toMessageId('test', time, crypto.randomUUID()),
    time,
    title,
  });
}
