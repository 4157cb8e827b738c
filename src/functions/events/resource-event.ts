import { type EventGridEvent, isSystemEvent } from '@azure/eventgrid';
import * as z from 'zod';
import {
  type ChangedId,
  maxIdLength,
  parseIdentityId,
  parseResourceGroupId,
  parseResourceId,
  type ResourceId,
} from '../../domain/estate/resource-id.ts';
import { withoutSlashes } from '../../domain/estate/scope.ts';

/** What an event says, as far as it concerns the monitor: its claims and addresses are never looked at. */
export type ResourceEvent =
  | { state: 'change'; changed: ChangedId; operation: string }
  /** Nothing that the monitor watches; to be acknowledged and counted. */
  | { state: 'ignored'; reason: string };

const eventTypes = [
  'Microsoft.Resources.ResourceWriteSuccess',
  'Microsoft.Resources.ResourceDeleteSuccess',
  'Microsoft.Resources.ResourceActionSuccess',
] as const;

/** What a Key Vault tells of its keys, where somebody subscribes it. */
const keyEventTypes = [
  'Microsoft.KeyVault.KeyNearExpiry',
  'Microsoft.KeyVault.KeyExpired',
  'Microsoft.KeyVault.KeyNewVersionCreated',
] as const;

const EventData = z.object({ resourceUri: z.string().optional(), operationName: z.string().optional() });
const text = z.string().optional().catch(undefined);
const Envelope = z.object({
  type: text,
  eventType: text,
  subject: text,
  /** Where it comes from, in Event Grid's schema and in that of CloudEvents. */
  topic: text,
  source: text,
});

const accessPolicies = /^\/accessPolicies(\/|$)/i;

/** Reads a resource event in Event Grid schema or as a CloudEvent; its payload only names a resource. */
export function toResourceEvent(event: unknown): ResourceEvent {
  if (typeof event !== 'object' || event === null) return { state: 'ignored', reason: 'not_an_event' };
  const systemEvent = event as EventGridEvent<unknown>;
  const { subject, topic, source, type, eventType } = Envelope.safeParse(event).data ?? {};
  if (keyEventTypes.some((known) => isSystemEvent(known, systemEvent))) {
    const vault = parseResourceId(topic ?? source ?? '');
    if (!vault || vault.kind === 'registry') return { state: 'ignored', reason: 'other_resource' };
    return { state: 'change', changed: vault, operation: toOperation(eventType ?? type) };
  }
  if (!eventTypes.some((known) => isSystemEvent(known, systemEvent))) {
    return { state: 'ignored', reason: 'other_event_type' };
  }
  const data = EventData.safeParse(systemEvent.data).data ?? {};
  const changed = toWatched(data.resourceUri) ?? toWatched(subject);
  if (!changed) return { state: 'ignored', reason: 'other_resource' };
  return { state: 'change', changed, operation: toOperation(data.operationName) };
}

/** What is no operation of Azure's must not reach the log. */
function toOperation(name: string | undefined): string {
  return /^[\w./-]{1,200}$/.test(name ?? '') ? `${name}` : 'unknown';
}

const roleAssignment = /^(.*?)\/providers\/Microsoft\.Authorization\/roleAssignments\/[^/]+$/i;

/**
 * Registries, vaults and Managed HSMs themselves; of what lies below them only a vault's access policies. A role
 * assignment names what it stands at: a key or its holder, or the resource group of some. What stands higher up, the
 * next sweep sees. A user-assigned identity may be one that reaches keys.
 */
function toWatched(id: string | undefined): ChangedId | undefined {
  if (id === undefined || id.length > maxIdLength) return undefined;
  const scope = roleAssignment.exec(id.trim())?.[1];
  if (scope !== undefined) return toKeyHolder(scope) ?? parseResourceGroupId(scope);
  const identity = parseIdentityId(id.trim());
  if (identity) return identity;
  const parsed = parseResourceId(id);
  const below = parsed && withoutSlashes(id.trim().slice(parsed.id.length));
  if (!parsed || below === '') return parsed;
  return parsed.kind === 'vault' && accessPolicies.test(below ?? '') ? parsed : undefined;
}

function toKeyHolder(scope: string): ResourceId | undefined {
  const parsed = parseResourceId(scope);
  return parsed?.kind === 'registry' ? undefined : parsed;
}
