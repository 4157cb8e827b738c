import type { Encryption, Registry, RegistryIdentity } from './registry.ts';
import { isSameId } from './resource-id.ts';

/** The identity by which a registry reaches its key. */
export type EncryptionIdentity =
  | {
      state: 'attached';
      kind: 'system' | 'user';
      /** Object id; absent where Azure left it out. */
      principalId?: string;
      /** Tenant of the identity, where Azure told it. */
      tenantId?: string;
      clientId?: string;
      /** Resource id of a user-assigned identity. */
      id?: string;
    }
  /** It is no longer among the registry's identities. */
  | { state: 'detached'; kind: 'system' | 'user'; clientId?: string }
  | {
      state: 'unknown';
      reason: 'encryption_identity_missing' | 'encryption_identity_unrecognised' | 'identities_not_shown';
    };

/** Which identity a registry's encryption names, whether it has that or not. */
export type NamedIdentity =
  | { kind: 'system' }
  | { kind: 'user'; clientId: string }
  | { kind: 'unknown'; reason: 'encryption_identity_missing' | 'encryption_identity_unrecognised' };

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads which identity a registry's encryption names. */
export function toNamedIdentity(encryption: Encryption | undefined): NamedIdentity {
  const named = encryption?.identity?.trim();
  if (!named) return { kind: 'unknown', reason: 'encryption_identity_missing' };
  if (named.toLowerCase() === 'system') return { kind: 'system' };
  return guid.test(named)
    ? { kind: 'user', clientId: named }
    : { kind: 'unknown', reason: 'encryption_identity_unrecognised' };
}

/** Finds the identity that `encryption.identity` names among the registry's identities. */
export function toEncryptionIdentity({ encryption, identity }: Registry): EncryptionIdentity {
  const named = toNamedIdentity(encryption);
  switch (named.kind) {
    case 'system':
      return toSystemIdentity(identity);
    case 'user':
      return toUserIdentity(named.clientId, identity);
    case 'unknown':
      return { state: 'unknown', reason: named.reason };
  }
}

function toSystemIdentity(identity: RegistryIdentity | undefined): EncryptionIdentity {
  const kind = 'system';
  const kinds = toKinds(identity);
  const { principalId, tenantId } = identity ?? {};
  if (identity && !kinds && !principalId) return { state: 'unknown', reason: 'identities_not_shown' };
  if (!identity || (kinds && !kinds.has('systemassigned'))) return { state: 'detached', kind };
  return {
    state: 'attached',
    kind,
    ...(principalId ? { principalId } : {}),
    ...(tenantId ? { tenantId } : {}),
  };
}

function toUserIdentity(clientId: string, identity: RegistryIdentity | undefined): EncryptionIdentity {
  const kind = 'user';
  const own = identity?.userAssigned?.find((one) => one.clientId && isSameId(one.clientId, clientId));
  if (own) {
    const { id, principalId } = own;
    const tenantId = identity?.tenantId;
    return {
      state: 'attached',
      kind,
      id,
      clientId,
      ...(principalId ? { principalId } : {}),
      ...(tenantId ? { tenantId } : {}),
    };
  }
  return isListShown(identity)
    ? { state: 'detached', kind, clientId }
    : { state: 'unknown', reason: 'identities_not_shown' };
}

/** Whether all user-assigned identities were shown with their client ids. */
function isListShown(identity: RegistryIdentity | undefined): boolean {
  if (identity?.userAssigned) return identity.userAssigned.every(({ clientId }) => clientId);
  const kinds = toKinds(identity);
  return !identity || (kinds !== undefined && !kinds.has('userassigned'));
}

const documentedKinds = new Set(['systemassigned', 'userassigned', 'none']);

/** The kinds of identities that a registry has; undefined where Azure told none, or one that is not documented. */
function toKinds(identity: RegistryIdentity | undefined): Set<string> | undefined {
  const kinds = identity?.type?.split(',').map((kind) => kind.trim().toLowerCase());
  return kinds?.every((kind) => documentedKinds.has(kind)) ? new Set(kinds) : undefined;
}
