import { createHash } from 'node:crypto';

/** A user-assigned managed identity. */
export interface ManagedIdentity {
  /** Resource id, in the casing that registries answer it: `resourcegroups` */
  id: string;
  clientId: string;
  principalId: string;
}

/** Makes up a user-assigned identity; the same names give the same ids. */
export function managedIdentity(subscription: string, group: string, name: string): ManagedIdentity {
  return {
    id: `${subscription}/resourcegroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
    clientId: toGuid(`client of ${name}`),
    principalId: toGuid(`principal of ${name}`),
  };
}

/** A GUID that follows from a text. */
function toGuid(text: string): string {
  return toHex(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}

/** 32 hexadecimal digits that follow from a text, as versions of keys have them. */
export function toHex(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
