import { subscriptions } from './default-places.ts';
import { eventSubscriptionBody, subscribedBodies, systemTopicBody } from './event-body.ts';
import { functionAppBody, toEventFunctionId } from './function-app-body.ts';
import type { ArmBody } from './tenant-contents.ts';

const app = functionAppBody({
  subscription: subscriptions.platform,
  group: 'rg-acr-cmk-monitor',
  name: 'func-acr-cmk-contoso',
});
const functionId = toEventFunctionId(app);

/** The topic that the data subscription had before the monitor came. */
const dataTopic = systemTopicBody({
  subscription: subscriptions.data,
  group: 'rg-data-inventory',
  name: 'evgt-data-inventory',
});

/** The monitor's own app in the default tenant, and how events reach it: from every subscription but the sandbox. */
export function defaultEvents(): ArmBody[] {
  return [
    app,
    ...[subscriptions.platform, subscriptions.retail, subscriptions.security].flatMap((subscription) =>
      subscribedBodies(subscription, functionId),
    ),
    dataTopic,
    eventSubscriptionBody({ scope: dataTopic.id, name: 'inventory' }),
    eventSubscriptionBody({ scope: dataTopic.id, functionId }),
    // At the subscriptions themselves, as they were made by hand.
    ...[subscriptions.development, subscriptions.fabrikam].map((scope) =>
      eventSubscriptionBody({ scope, functionId }),
    ),
    eventSubscriptionBody({ scope: subscriptions.sandbox, name: 'inventory' }),
  ];
}
