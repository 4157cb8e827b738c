import operations from '../../infra/event-operations.json' with { type: 'json' };
import { toSubscriptionPart } from './arm-key.ts';
import type { ArmBody } from './tenant-contents.ts';

/** What a system topic's body is built from. */
export interface SystemTopicOptions {
  /** `/subscriptions/ID` */
  subscription: string;
  group: string;
  name: string;
  /** Id of what it tells of (its subscription) */
  source?: string;
  topicType?: string;
}

/** Builds a system topic's body in the shape of api version 2025-02-15. */
export function systemTopicBody(options: SystemTopicOptions): ArmBody {
  const { subscription, group, name, source = subscription } = options;
  return {
    properties: {
      provisioningState: 'Succeeded',
      source,
      topicType: options.topicType ?? 'microsoft.resources.subscriptions',
      metricResourceId: '183c0fb1-17ff-47b6-ac77-5a47420ab01e',
    },
    location: 'global',
    tags: null,
    id: `${subscription}/resourceGroups/${group}/providers/Microsoft.EventGrid/systemTopics/${name}`,
    name,
    type: 'Microsoft.EventGrid/systemTopics',
  };
}

/** What an event subscription's body is built from. */
export interface EventSubscriptionOptions {
  /** Id of the subscription, resource group or system topic whose events it passes on */
  scope: string;
  name?: string;
  /** Id of the function that it calls; absent: a webhook of somebody else */
  functionId?: string;
  state?: string;
}

/** Builds an event subscription's body in the shape of api version 2025-02-15. */
export function eventSubscriptionBody(options: EventSubscriptionOptions): ArmBody {
  const { scope, name = 'acr-cmk-monitor', functionId, state = 'Succeeded' } = options;
  const isOfTopic = /\/systemTopics\/[^/]+$/i.test(scope);
  const place = isOfTopic ? '/eventSubscriptions' : '/providers/Microsoft.EventGrid/eventSubscriptions';
  return {
    properties: {
      topic: scope,
      provisioningState: state,
      destination: functionId ? toFunction(functionId) : webhook,
      filter: {
        subjectBeginsWith: '',
        subjectEndsWith: '',
        includedEventTypes: [
          'Microsoft.Resources.ResourceWriteSuccess',
          'Microsoft.Resources.ResourceDeleteSuccess',
        ],
        advancedFilters: [{ key: 'data.operationName', operatorType: 'StringIn', values: operations }],
      },
      labels: [],
      eventDeliverySchema: 'EventGridSchema',
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
    },
    id: `${scope}${place}/${name}`,
    name,
    type: `Microsoft.EventGrid${isOfTopic ? '/systemTopics' : ''}/eventSubscriptions`,
  };
}

const webhook = {
  endpointType: 'WebHook',
  properties: { endpointBaseUrl: 'https://inventory.contoso.example/events' },
};

function toFunction(resourceId: string) {
  const properties = { resourceId, maxEventsPerBatch: 1, preferredBatchSizeInKilobytes: 64 };
  return { endpointType: 'AzureFunction', properties };
}

/** What the events of one subscription need to reach a function: a system topic, and an event subscription of it. */
export function subscribedBodies(subscription: string, functionId: string): ArmBody[] {
  const group = 'rg-acr-cmk-events';
  const name = `evgt-acr-cmk-${toSubscriptionPart(subscription).slice('/subscriptions/'.length, '/subscriptions/'.length + 8)}`;
  const topic = systemTopicBody({ subscription, group, name });
  return [topic, eventSubscriptionBody({ scope: topic.id, functionId })];
}
