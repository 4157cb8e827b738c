import { isReady, leadsToMonitor } from '../../domain/estate/event-subscription.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { SetupReader } from '../ports/azure-ports.ts';
import type { EventsState, Run } from '../ports/ports.ts';

/** Tells whether an event subscription leads a subscription's changes to the monitor; a failed call leaves it open. */
export async function readEvents(setup: SetupReader, subscriptionId: string, run: Run): Promise<EventsState> {
  try {
    const answer = await setup.listEventSubscriptions(subscriptionId, run);
    if (answer.state !== 'found') return 'unknown';
    return answer.value.filter(leadsToMonitor).some(isReady) ? 'subscribed' : 'missing';
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    return 'unknown';
  }
}
