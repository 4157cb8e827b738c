import operations from '../../infra/event-operations.json' with { type: 'json' };
import type { ArmResource } from './arm.ts';
import type { MonitorPlace } from './monitor-place.ts';

/** The event subscription of a system topic that tells the monitor; the policy for new subscriptions makes the same. */
export function toEventSubscription(
  { functionId, deadLetterAccountId, eventIdentityId }: MonitorPlace,
  identity: 'ours' | 'SystemAssigned' | undefined,
): ArmResource {
  const writtenBy =
    identity === 'SystemAssigned'
      ? { type: identity }
      : { type: 'UserAssigned', userAssignedIdentity: eventIdentityId };
  const deadLetters = {
    deadLetterDestination: {
      endpointType: 'StorageBlob',
      properties: { blobContainerName: 'dead-letters', resourceId: deadLetterAccountId },
    },
    identity: writtenBy,
  };
  return {
    properties: {
      ...(identity ? { deadLetterWithResourceIdentity: deadLetters } : {}),
      destination: {
        endpointType: 'AzureFunction',
        properties: { maxEventsPerBatch: 1, preferredBatchSizeInKilobytes: 64, resourceId: functionId },
      },
      eventDeliverySchema: 'EventGridSchema',
      filter: {
        // Compared without case by Event Grid.
        advancedFilters: [{ key: 'data.operationName', operatorType: 'StringIn', values: [...operations] }],
        includedEventTypes: [
          'Microsoft.Resources.ResourceWriteSuccess',
          'Microsoft.Resources.ResourceDeleteSuccess',
        ],
      },
      retryPolicy: { eventTimeToLiveInMinutes: 1440, maxDeliveryAttempts: 30 },
    },
  };
}
