import type { CloudName } from '../domain/estate/cloud.ts';
import { type EncryptionIdentity, toEncryptionIdentity } from '../domain/estate/encryption-identity.ts';
import { toJudgedVersion } from '../domain/estate/key.ts';
import type { KeyHolder } from '../domain/estate/key-holder.ts';
import { type KeyIdentifier, parseKeyIdentifier, toHolderHost } from '../domain/estate/key-identifier.ts';
import type { Posture } from '../domain/estate/posture.ts';
import type { Registry } from '../domain/estate/registry.ts';
import { parseResourceId } from '../domain/estate/resource-id.ts';

/** What a remedy is about: the parts of a posture by the names that commands need, absent where it does not tell them. */
export interface Subject {
  posture: Posture;
  /** The verdict's reason, where it is known. */
  reason?: string | undefined;
  registry: Registry;
  cloud: CloudName;
  /** When the registry was read, ISO 8601, UTC: the remedy's only clock. */
  readAt: string;
  keyHolder: SubjectKeyHolder;
  key: SubjectKey;
  identity: SubjectIdentity;
}

/** The key holder of a subject. */
export interface SubjectKeyHolder {
  kind: 'vault' | 'managedHsm';
  state: KeyHolder['state'];
  /** What says who may use its keys: Azure's roles, its own access policies, a Managed HSM's local roles. */
  access: 'roles' | 'policies' | 'localRoles' | 'unknown';
  name?: string | undefined;
  id?: string | undefined;
  resourceGroup?: string | undefined;
  subscriptionId?: string | undefined;
  location?: string | undefined;
}

/** The key of a subject. */
interface SubjectKey {
  isPinned: boolean;
  name?: string | undefined;
  /** Identifier without a version. */
  id?: string | undefined;
  version?: string | undefined;
  type: string;
  size: string;
}

/** The encryption identity of a subject. */
interface SubjectIdentity {
  state: EncryptionIdentity['state'];
  kind: 'system' | 'user';
  id?: string | undefined;
  clientId?: string | undefined;
  principalId?: string | undefined;
}

/** Gathers what a remedy needs to know of a posture. */
export function toSubject(posture: Posture, reason?: string): Subject {
  const { registry } = posture;
  const identifier = parseKeyIdentifier(registry.encryption?.keyIdentifier);
  return {
    posture,
    reason,
    registry,
    cloud: identifier?.cloud ?? toCloud(registry.location),
    readAt: registry.reading.at,
    keyHolder: toSubjectKeyHolder(posture, identifier),
    key: toSubjectKey(posture, identifier),
    identity: toSubjectIdentity(registry),
  };
}

/** Regions of the national clouds tell their cloud. */
function toCloud(location: string): CloudName {
  const region = location.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (/^us(gov|dod)/.test(region)) return 'AzureUSGovernment';
  return region.startsWith('china') ? 'AzureChinaCloud' : 'AzureCloud';
}

function toSubjectKeyHolder({ keyHolder }: Posture, identifier: KeyIdentifier | undefined): SubjectKeyHolder {
  const named = keyHolder && 'name' in keyHolder ? keyHolder : undefined;
  const kind = named?.kind ?? (identifier?.holderKind === 'managedHsm' ? 'managedHsm' : 'vault');
  const id = keyHolder && 'id' in keyHolder ? keyHolder.id : undefined;
  const place = id === undefined ? undefined : parseResourceId(id);
  return {
    kind,
    state: keyHolder?.state ?? 'unreadable',
    access: toAccess(kind, keyHolder),
    name: named?.name ?? place?.name ?? identifier?.holderName,
    id: place?.id,
    resourceGroup: place?.resourceGroup,
    subscriptionId: place?.subscriptionId,
    location: named?.location,
  };
}

function toAccess(
  kind: SubjectKeyHolder['kind'],
  keyHolder: KeyHolder | undefined,
): SubjectKeyHolder['access'] {
  if (kind === 'managedHsm') return 'localRoles';
  if (keyHolder?.state !== 'found') return 'unknown';
  return keyHolder.rbacAuthorization === true ? 'roles' : 'policies';
}

function toSubjectKey({ registry, key = {} }: Posture, identifier: KeyIdentifier | undefined): SubjectKey {
  const inUse = parseKeyIdentifier(registry.encryption?.versionedKeyIdentifier);
  const judged = toJudgedVersion(key);
  const found = judged?.state === 'found' ? judged : undefined;
  const name = identifier?.keyName;
  const isHsm = identifier?.holderKind === 'managedHsm' || found?.kty?.toLowerCase() === 'rsa-hsm';
  return {
    isPinned: identifier?.keyVersion !== undefined,
    name,
    id: identifier && name ? `https://${identifier.host}/keys/${name}` : undefined,
    version: identifier?.keyVersion ?? inUse?.keyVersion ?? found?.version,
    type: isHsm ? 'RSA-HSM' : 'RSA',
    size: found?.keySize === 2048 || found?.keySize === 3072 ? String(found.keySize) : '4096',
  };
}

function toSubjectIdentity(registry: Registry): SubjectIdentity {
  const identity = toEncryptionIdentity(registry);
  if (identity.state === 'unknown') return { state: 'unknown', kind: 'user' };
  const { state, kind, clientId } = identity;
  return state === 'detached'
    ? { state, kind, clientId }
    : { state, kind, clientId, id: identity.id, principalId: identity.principalId };
}

/** The address at which a key of a new vault or Managed HSM is found, as far as the cloud tells it. */
export function toNewHost({ cloud }: Subject, kind: SubjectKeyHolder['kind'], name: string): string {
  return toHolderHost(kind, name, cloud);
}
