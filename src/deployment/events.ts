import type { Arm, ArmResource } from './arm.ts';
import { assignRole } from './custom-role.ts';
import { type Ensured, ensure, together } from './ensure.ts';
import { toEventSubscription } from './event-subscription.ts';
import { type MonitorName, type MonitorPlace, monitorTag, toTags } from './monitor-place.ts';
import { patiently, type Wait } from './patiently.ts';
import { registerProvider } from './register-provider.ts';

const topicType = 'Microsoft.Resources.Subscriptions';
const storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';

/** The resource group, in a watched subscription, of a topic of ours. */
export function toEventsGroup({ environment, hash }: MonitorPlace): string {
  return `rg-${environment}-${hash}-events`;
}

/** The system topic of a subscription for its resource events: there can be but one. */
export async function findTopic(arm: Arm, subscriptionId: string): Promise<ArmResource | undefined> {
  const topics = await arm.list(
    `/subscriptions/${subscriptionId}/providers/Microsoft.EventGrid/systemTopics`,
  );
  return topics.find(
    ({ properties }) => String(properties?.topicType).toLowerCase() === topicType.toLowerCase(),
  );
}

/** Whether a topic was made by this monitor. */
export function isOwnTopic({ name, tags }: ArmResource, monitor: MonitorName, hash?: string): boolean {
  return (
    tags?.[monitorTag] === monitor.groupId.toLowerCase() || (hash !== undefined && name === `evgt-${hash}`)
  );
}

/** Subscribes the monitor to the resource events of a subscription, by a topic of ours or the one that is there. */
export async function subscribeEvents(
  arm: Arm,
  monitor: MonitorPlace,
  subscriptionId: string,
  wait?: Wait,
): Promise<Ensured> {
  const subscription = `/subscriptions/${subscriptionId}`;
  await registerProvider(arm, subscription, 'Microsoft.EventGrid', wait);
  const there = await findTopic(arm, subscriptionId);
  const isOurs = !there || isOwnTopic(there, monitor, monitor.hash);
  const own = isOurs ? await makeTopic(arm, monitor, subscription, there) : undefined;
  const topicId = own?.id ?? String(there?.id);
  const identity = isOurs ? 'ours' : toOwnIdentity(there);
  if (identity === 'SystemAssigned') {
    const principalId = String(there?.identity?.principalId);
    const given = { scope: monitor.deadLetterAccountId, guid: storageBlobDataContributor, principalId };
    await assignRole(arm, given, wait);
  }
  const wanted = toEventSubscription(monitor, identity);
  const name = `acr-cmk-monitor-${monitor.hash}`;
  const subscribed = await patiently(
    () => ensure(arm, `${topicId}/eventSubscriptions/${name}`, wanted),
    wait,
  );
  return together([...(own ? [own.done] : []), subscribed]);
}

/** By which identity a topic that somebody else made can write dead letters: without one they are lost. */
function toOwnIdentity(topic: ArmResource | undefined): 'SystemAssigned' | undefined {
  return topic?.identity?.type?.includes('SystemAssigned') ? 'SystemAssigned' : undefined;
}

async function makeTopic(
  arm: Arm,
  monitor: MonitorPlace,
  subscription: string,
  there: ArmResource | undefined,
): Promise<{ id: string; done: Ensured }> {
  const tags = toTags(monitor);
  const group = `${subscription}/resourceGroups/${toEventsGroup(monitor)}`;
  const id = there?.id ?? `${group}/providers/Microsoft.EventGrid/systemTopics/evgt-${monitor.hash}`;
  const parts: Ensured[] = [];
  if (!there) parts.push(await ensure(arm, group, { location: monitor.location, tags }));
  parts.push(
    await ensure(arm, id, {
      // Topics of subscriptions belong to no region.
      location: 'global',
      tags,
      identity: { type: 'UserAssigned', userAssignedIdentities: { [monitor.eventIdentityId]: {} } },
      properties: { source: subscription, topicType },
    }),
    await ensure(arm, `${id}/providers/Microsoft.Insights/diagnosticSettings/to-workspace`, {
      properties: {
        workspaceId: monitor.workspaceId,
        logs: [{ category: 'DeliveryFailures', enabled: true }],
      },
    }),
  );
  return { id, done: together(parts) };
}

/** Ends the events of a subscription; what another monitor or anybody else uses stays. Answers what was done. */
export async function endEvents(
  arm: Arm,
  monitor: MonitorName,
  subscriptionId: string,
  hash?: string,
): Promise<string> {
  const topic = await findTopic(arm, subscriptionId);
  if (!topic?.id) return 'nothing there';
  const subscribed = await arm.list(`${topic.id}/eventSubscriptions`);
  const isOurs = (one: ArmResource) => toDestination(one).startsWith(`${monitor.groupId.toLowerCase()}/`);
  for (const { id } of subscribed.filter(isOurs)) if (id) await arm.remove(id);
  const others = subscribed.filter((one) => !isOurs(one));
  if (!isOwnTopic(topic, monitor, hash)) return `removed from ${topic.name}, which is not ours`;
  if (others.length > 0) return `removed; ${topic.name} stays, as ${others[0]?.name} uses it`;
  const [group = ''] = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(topic.id) ?? [];
  const inGroup = await arm.list(`${group}/resources`);
  const isAlone = inGroup.every(({ id }) => id?.toLowerCase() === topic.id?.toLowerCase());
  await arm.remove(isAlone ? group : topic.id);
  return 'removed';
}

function toDestination({ properties }: ArmResource): string {
  const { destination } = (properties ?? {}) as { destination?: { properties?: { resourceId?: unknown } } };
  return String(destination?.properties?.resourceId ?? '').toLowerCase();
}
