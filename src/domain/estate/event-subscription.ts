/** An event subscription that leads to a function. */
export interface EventSubscription {
  /** Resource id. */
  id: string;
  /** Resource id of the function. */
  functionId: string;
  provisioningState: string;
}

/** Instances that are kept ready for a group of functions. */
export interface AlwaysReady {
  /** `function:NAME`, or the name of a group of triggers. */
  name: string;
  instanceCount: number;
}

/** How the ids of the function end that events lead to. */
export const eventFunction = '/functions/resourcechanged';

/** Whether an event subscription leads to the monitor. */
export function leadsToMonitor({ functionId }: EventSubscription): boolean {
  return functionId.toLowerCase().endsWith(eventFunction);
}

/** Whether an event subscription delivers. */
export function isReady({ provisioningState }: EventSubscription): boolean {
  return provisioningState.toLowerCase() === 'succeeded';
}
