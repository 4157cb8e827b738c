import { toMessageId } from '../../domain/record/alert.ts';
import type { AlertSink, Delivery } from '../ports/ports.ts';

/** What became of a test alert at one sink. */
export interface TestedSink {
  sink: string;
  delivery: Delivery;
}

/** Sends each sink a message that says nothing but that messages arrive; it is not kept, and not repeated. */
export function sendTestAlerts(sinks: readonly AlertSink[], now: Date): Promise<TestedSink[]> {
  const time = now.toISOString();
  const title = 'Test alert of acr-cmk-monitor: messages arrive';
  return Promise.all(
    sinks.map(async (sink) => {
      const id = toMessageId('test', time, crypto.randomUUID());
      return { sink: sink.name, delivery: await sink.deliver({ type: 'monitor.test', id, time, title }) };
    }),
  );
}
