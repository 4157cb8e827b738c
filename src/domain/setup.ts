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
