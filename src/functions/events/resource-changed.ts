import type { InvocationContext } from '@azure/functions';
import { monitor, toStart } from '../monitor.ts';
import { toResourceEvent } from './resource-event.ts';

/** Handles what Event Grid delivers: one event, or a batch. */
export async function handleEvents(delivered: unknown, context: InvocationContext): Promise<void> {
  const events = Array.isArray(delivered) ? delivered : [delivered];
  await Promise.all(events.map((event) => handle(event, context)));
}

async function handle(event: unknown, context: InvocationContext): Promise<void> {
  const read = toResourceEvent(event);
  if (read.state === 'ignored') {
    context.info(`Event acknowledged and ignored: ${read.reason}`);
    return;
  }
  const { registries, done, changed, left } = await monitor().reactToChange(read.changed, toStart(context));
  context.info(
    `${read.operation} on ${read.changed.id}: ${registries} registries, ${done} assessed, ${changed} changed, ${left} due`,
  );
}
