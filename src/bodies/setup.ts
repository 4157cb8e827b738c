import * as z from 'zod';
import type { AlwaysReady, EventSubscription } from '../domain/estate/event-subscription.ts';
import type { Reading } from '../domain/estate/reading.ts';
import { list, optionalBag, parse, text } from './fields.ts';

const Destination = optionalBag.pipe(
  z.object({ endpointType: text, properties: optionalBag.pipe(z.object({ resourceId: text })) }),
);
const EventSubscriptionBody = optionalBag.pipe(
  z.object({
    id: text,
    properties: optionalBag.pipe(
      z.object({
        provisioningState: text,
        destination: Destination,
        deliveryWithResourceIdentity: optionalBag.pipe(z.object({ destination: Destination })),
      }),
    ),
  }),
);

/** Reads an item of a list of event subscriptions; nothing for one that leads to no function. */
export function toEventSubscriptions(item: unknown): EventSubscription[] {
  const { id = '', properties } = EventSubscriptionBody.parse(item);
  const { destination, deliveryWithResourceIdentity, provisioningState = 'Succeeded' } = properties;
  return [destination, deliveryWithResourceIdentity.destination].flatMap((to) => {
    const isFunction = to.endpointType?.toLowerCase() === 'azurefunction';
    const functionId = to.properties.resourceId;
    return isFunction && functionId ? { id, functionId, provisioningState } : [];
  });
}

const SystemTopicBody = z.object({
  id: z.string(),
  properties: z.object({ topicType: z.string() }),
});

/** Reads an item of a list of system topics: the id of one that tells of a subscription's resources. */
export function toSubscriptionTopics(item: unknown): string[] {
  const { data } = SystemTopicBody.safeParse(item);
  return data?.properties.topicType.toLowerCase() === 'microsoft.resources.subscriptions' ? [data.id] : [];
}

const PolicyBody = z.object({ properties: z.object({ displayName: text }) });

/** Reads the name of a policy; undefined where it has none. */
export function toPolicyName(body: unknown, reading: Reading): string | undefined {
  return parse(PolicyBody, body, reading).properties.displayName;
}

const SiteBody = z.object({
  properties: z.object({
    functionAppConfig: z
      .object({ scaleAndConcurrency: optionalBag.pipe(z.object({ alwaysReady: list })) })
      .nullish(),
  }),
});
const AlwaysReadyBody = z.object({ name: z.string(), instanceCount: z.coerce.number() });

/** Reads which functions of an app are kept ready; undefined for an app of another plan than Flex Consumption. */
export function toAlwaysReady(body: unknown, reading: Reading): AlwaysReady[] | undefined {
  const { functionAppConfig } = parse(SiteBody, body, reading).properties;
  if (!functionAppConfig) return undefined;
  const groups = functionAppConfig.scaleAndConcurrency.alwaysReady ?? [];
  return groups.flatMap((group) => AlwaysReadyBody.safeParse(group).data ?? []);
}
