/** Who the monitor is towards Azure. */
export interface Identity {
  /** User principal name, or the application's name or id. */
  name: string;
  objectId: string;
  tenantId: string;
}
