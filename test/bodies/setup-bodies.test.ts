import { describe, expect, it } from 'vitest';
import { eventSubscriptionBody, systemTopicBody } from '../../simulator/tenant/event-body.ts';
import { functionAppBody, toEventFunctionId } from '../../simulator/tenant/function-app-body.ts';
import { policyBody } from '../../simulator/tenant/policy-body.ts';
import {
  toAlwaysReady,
  toEventSubscriptions,
  toPolicyName,
  toSubscriptionTopics,
} from '../../src/bodies/setup.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';

const subscription = '/subscriptions/33333333-aaaa-4bbb-8ccc-444444444444';
const place = { subscription, group: 'rg-monitor', name: 'monitor' };
const app = functionAppBody(place);
const functionId = toEventFunctionId(app);
const reading: Reading = { what: 'policy', id: 'one', at: '', from: '', status: 200 };
const odd = [null, 7, 'text', [], {}, { properties: null }, { properties: 'text' }];

describe('an event subscription', () => {
  it('that calls a function is read', () => {
    const body = eventSubscriptionBody({ scope: subscription, functionId, state: 'Updating' });
    expect(toEventSubscriptions(body)).toEqual([
      {
        id: `${subscription}/providers/Microsoft.EventGrid/eventSubscriptions/acr-cmk-monitor`,
        functionId,
        provisioningState: 'Updating',
      },
    ]);
  });

  it('that calls it by an identity is read, whatever the case of its type', () => {
    const destination = { endpointType: 'azurefunction', properties: { resourceId: functionId } };
    const properties = { destination: null, deliveryWithResourceIdentity: { destination } };
    expect(toEventSubscriptions({ id: 'one', properties })).toEqual([
      { id: 'one', functionId, provisioningState: 'Succeeded' },
    ]);
  });

  it('that leads elsewhere is left out, also where that has a resource id', () => {
    expect(toEventSubscriptions(eventSubscriptionBody({ scope: subscription }))).toEqual([]);
    for (const endpointType of ['EventHub', 'StorageQueue', undefined, 7]) {
      const destination = { endpointType, properties: { resourceId: functionId } };
      expect(toEventSubscriptions({ id: 'one', properties: { destination } })).toEqual([]);
    }
  });

  it.each(odd)('in an odd shape is left out: %j', (body) => {
    expect(toEventSubscriptions(body)).toEqual([]);
  });
});

describe('a system topic', () => {
  it('of a subscription is read, whatever the case of its type', () => {
    const topic = systemTopicBody(place);
    const upper = systemTopicBody({ ...place, topicType: 'Microsoft.Resources.Subscriptions' });
    expect([toSubscriptionTopics(topic), toSubscriptionTopics(upper)]).toEqual([[topic.id], [topic.id]]);
  });

  it('of anything else, or in an odd shape, is left out', () => {
    const topicTypes = ['Microsoft.Resources.ResourceGroups', 'microsoft.storage.storageaccounts', ''];
    const others = topicTypes.map((topicType) => systemTopicBody({ ...place, topicType }));
    expect([...others, ...odd].flatMap(toSubscriptionTopics)).toEqual([]);
  });
});

describe('a policy', () => {
  it('is read by its name', () => {
    const body = policyBody({ guid: 'one', displayName: 'Keys should last' });
    expect(toPolicyName(body, reading)).toBe('Keys should last');
  });

  it('without one has none', () => {
    for (const properties of [{}, { displayName: null }]) {
      expect(toPolicyName({ properties }, reading)).toBeUndefined();
    }
  });

  it.each(odd)('in an odd shape is a failure: %j', (body) => {
    expect(() => toPolicyName(body, reading)).toThrow('Reading policy one: the body lacks ');
  });
});

describe('a function app', () => {
  it('tells what it keeps ready', () => {
    const body = functionAppBody({ ...place, alwaysReady: { http: 2, 'function:resourceChanged': 1 } });
    expect(toAlwaysReady(body, reading)).toEqual([
      { name: 'http', instanceCount: 2 },
      { name: 'function:resourceChanged', instanceCount: 1 },
    ]);
  });

  it('of Flex Consumption may keep nothing ready, or say nothing of it', () => {
    expect(toAlwaysReady(functionAppBody({ ...place, alwaysReady: {} }), reading)).toEqual([]);
    for (const scaleAndConcurrency of [null, {}, { alwaysReady: null }, { alwaysReady: ['http', {}] }]) {
      const body = { properties: { functionAppConfig: { scaleAndConcurrency } } };
      expect(toAlwaysReady(body, reading)).toEqual([]);
    }
  });

  it('of another plan tells nothing', () => {
    const other = functionAppBody({ ...place, alwaysReady: null });
    for (const body of [other, { properties: {} }]) expect(toAlwaysReady(body, reading)).toBeUndefined();
  });

  it.each(odd)('in an odd shape is a failure: %j', (body) => {
    expect(() => toAlwaysReady(body, reading)).toThrow('Reading policy one: the body lacks ');
  });
});
