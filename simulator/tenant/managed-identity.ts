import { createHash } from 'node:crypto';
import type { ArmBody } from './tenant-contents.ts';

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

/** Builds a user-assigned identity's own body in the shape of api version 2024-11-30. */
export function identityBody(identity: ManagedIdentity, location: string, tenantId: string): ArmBody {
  const { clientId, principalId } = identity;
  const id = identity.id.replace('/resourcegroups/', '/resourceGroups/');
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    location,
    tags: {},
    properties: { tenantId, principalId, clientId },
  };
}

/** A GUID that follows from a text. */
export function toGuid(text: string): string {
  return toHex(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}

/** 32 hexadecimal digits that follow from a text, as versions of keys have them. */
export function toHex(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
