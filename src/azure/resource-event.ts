import { type EventGridEvent, isSystemEvent } from '@azure/eventgrid';
import { z } from 'zod';
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts';

/** What an event says, as far as it concerns the monitor: its claims and addresses are never looked at. */
export type ResourceEvent =
  | { state: 'change'; changed: ResourceId; operation: string }
  /** Nothing that the monitor watches; to be acknowledged and counted. */
  | { state: 'ignored'; reason: string };

const eventTypes = [
  'Microsoft.Resources.ResourceWriteSuccess',
  'Microsoft.Resources.ResourceDeleteSuccess',
  'Microsoft.Resources.ResourceActionSuccess',
] as const;

const EventData = z.object({ resourceUri: z.string().optional(), operationName: z.string().optional() });
const EventSubject = z.object({ subject: z.string().optional() });

const accessPolicies = /^\/accessPolicies(\/|$)/i;

/** Reads a resource event in Event Grid schema or as a CloudEvent; its payload only names a resource. */
export function toResourceEvent(event: unknown): ResourceEvent {
  if (typeof event !== 'object' || event === null) return { state: 'ignored', reason: 'not_an_event' };
  const systemEvent = event as EventGridEvent<unknown>;
  if (!eventTypes.some((type) => isSystemEvent(type, systemEvent))) {
    return { state: 'ignored', reason: 'other_event_type' };
  }
  const data = EventData.safeParse(systemEvent.data).data ?? {};
  const subject = EventSubject.safeParse(event).data?.subject;
  const changed = toWatched(data.resourceUri) ?? toWatched(subject);
  if (!changed) return { state: 'ignored', reason: 'other_resource' };
  return { state: 'change', changed, operation: data.operationName ?? 'unknown' };
}

/** Registries, vaults and Managed HSMs themselves; of what lies below them only a vault's access policies. */
function toWatched(id: string | undefined): ResourceId | undefined {
  const parsed = id === undefined ? undefined : parseResourceId(id);
  const below = parsed && id?.trim().slice(parsed.id.length).replace(/\/+$/, '');
  if (!parsed || below === '') return parsed;
  return parsed.kind === 'vault' && accessPolicies.test(below ?? '') ? parsed : undefined;
}
