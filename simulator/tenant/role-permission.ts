/** What a role permits. */
export interface RolePermission {
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
}

/** A role that every tenant has; lists that are left out are empty. */
export interface BuiltInRole extends Partial<RolePermission> {
  guid: string;
}
