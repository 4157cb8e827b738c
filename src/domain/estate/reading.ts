/** One read of Azure: which resource, when it was answered (ISO 8601, UTC), and from where (method and address, without tokens). */
export interface Reading {
  what:
    | 'subscription'
    | 'graph'
    | 'managementGroup'
    | 'registry'
    | 'identity'
    | 'vault'
    | 'managedHsm'
    | 'deletedVault'
    | 'deletedManagedHsm'
    | 'nameAvailability'
    | 'key'
    | 'roleAssignments'
    | 'roleDefinition'
    | 'diagnosticSettings'
    | 'locks'
    | 'permissions'
    | 'policy'
    | 'eventSubscriptions'
    | 'functionApp';
  /** The id that was asked for, or the name where there is no id. */
  id: string;
  at: string;
  from: string;
  status: number;
}
