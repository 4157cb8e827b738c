import type { DiagnosticSettings } from '../../src/domain/estate/diagnostic-settings.ts';
import type { IdentityResource } from '../../src/domain/estate/identity-resource.ts';
import type { KeyVersion, RegistryKey } from '../../src/domain/estate/key.ts';
import type { KeyHolder } from '../../src/domain/estate/key-holder.ts';
import type { Posture } from '../../src/domain/estate/posture.ts';
import type { RoleAssignments } from '../../src/domain/estate/role.ts';
import {
  type Assignment,
  customRole,
  diagnosticSettings,
  forbiddenAssignments,
  forbiddenVersion,
  goneVersion,
  inDays,
  keyVersion,
  roleAssignments,
  strangeVersion,
} from './parts.ts';
import {
  absent,
  deleted,
  found,
  identity,
  keyedRegistry,
  managedHsm,
  notVisible,
  place,
  plainRegistry,
  readingOf,
  toPosture,
  unreadable,
  vault,
} from './postures.ts';

const service = 'Key Vault Crypto Service Encryption User';
const withProperties = (properties: Record<string, unknown>) => {
  const body = keyedRegistry();
  return { ...body, properties: { ...body.properties, ...properties } };
};

const registries = [
  plainRegistry(),
  plainRegistry({}, { sku: { name: 'Basic' } }),
  plainRegistry({ encryption: { status: 'rotating' } }),
  keyedRegistry({ keyIdentifier: 'nowhere' }),
  keyedRegistry({ keyIdentifier: 'https://kv-images.vault.azure.net/keys/acr-cmk/0123456789abcdef' }),
  keyedRegistry({ identity: undefined }),
  keyedRegistry({ identity: 'id-images' }),
  keyedRegistry({ identity: 'system' }),
  keyedRegistry({ versionedKeyIdentifier: undefined }),
  keyedRegistry({ versionedKeyIdentifier: `https://kv-images.vault.azure.net/keys/other/${'c'.repeat(32)}` }),
  keyedRegistry({}, { identity: { type: 'userAssigned' } }),
  keyedRegistry(
    {},
    { identity: { type: 'userAssigned', userAssignedIdentities: { a: { clientId: identity.clientId } } } },
  ),
  keyedRegistry({}, { location: undefined as unknown as string }),
  withProperties({ publicNetworkAccess: 'Disabled' }),
  withProperties({ publicNetworkAccess: undefined }),
  withProperties({ publicNetworkAccess: 'SecuredByPerimeter' }),
  withProperties({ networkRuleSet: { defaultAction: 'Deny' } }),
];

const toAcls = (bypass: unknown, defaultAction: unknown) => ({ networkAcls: { bypass, defaultAction } });
const toPolicies = (...accessPolicies: unknown[]) =>
  found(vault({ enableRbacAuthorization: false, accessPolicies }));
const { tenantId } = place;
const keyHolders: KeyHolder[] = [
  found(managedHsm()),
  found(managedHsm({ securityDomainProperties: { activationStatus: 'NotActivated' } })),
  found(managedHsm({ securityDomainProperties: { activationStatus: 'Failed' } })),
  found({ ...vault(), location: 'eastus' }),
  found(vault({ enableSoftDelete: false, softDeleteRetentionInDays: 7 })),
  found(vault({ enableSoftDelete: 'off', softDeleteRetentionInDays: '7' })),
  found(vault({ enablePurgeProtection: undefined })),
  found(vault({ enableRbacAuthorization: 'true' })),
  found(vault({ enableRbacAuthorization: false, accessPolicies: undefined })),
  toPolicies(),
  toPolicies({ tenantId, objectId: identity.principalId, permissions: { keys: ['all'] } }),
  toPolicies({ tenantId, objectId: identity.principalId, permissions: 'all' }),
  toPolicies({ tenantId, objectId: 'someone', permissions: { keys: ['all'] } }),
  found(vault(toAcls('None', 'Deny'))),
  found(vault(toAcls('None', 'Allow'))),
  found(vault(toAcls('None', undefined))),
  found(vault(toAcls('None', 'Ask'))),
  found(vault(toAcls('Metrics', 'Deny'))),
  found(vault({ publicNetworkAccess: 'Disabled', ...toAcls('None', 'Allow') })),
  found(vault({ publicNetworkAccess: 'SecuredByPerimeter' })),
  found(vault({ publicNetworkAccess: 'Sometimes' })),
  deleted(vault()),
  deleted(managedHsm(), { purgeProtectionEnabled: undefined }),
  absent,
  unreadable,
  notVisible,
];

const usedVersion = '0123456789abcdef0123456789abcdef';
const versionOf = (
  name: string | undefined,
  attributes: Record<string, unknown> = {},
  rotationPolicy?: unknown,
) =>
  keyVersion(attributes, {
    keyUriWithVersion: name && `https://kv-images.vault.azure.net/keys/acr-cmk/${name}`,
    rotationPolicy,
  });
const rotating = {
  lifetimeActions: [{ trigger: { timeBeforeExpiry: 'P3D' }, action: { type: 'Rotate' } }],
};
const outOfSight: KeyVersion = {
  state: 'unreadable',
  reason: 'key_not_visible',
  readings: [readingOf('key', 'acr-cmk')],
};
const keys: RegistryKey[] = [
  {},
  {
    newest: versionOf(usedVersion, { exp: inDays(7) }, rotating),
    inUse: versionOf(usedVersion, { exp: inDays(7) }),
  },
  { newest: versionOf('b'.repeat(32), { created: inDays(-0.5) }, 'odd') },
  { newest: versionOf('b'.repeat(32), { created: undefined }) },
  { newest: versionOf('b'.repeat(32), { enabled: false }) },
  { newest: versionOf(undefined) },
  ...[goneVersion, forbiddenVersion, strangeVersion, outOfSight].map((newest) => ({ newest })),
  ...[
    keyVersion({ exp: inDays(7) }),
    keyVersion({ exp: inDays(700), created: inDays(-1) }, { keySize: 2048 }),
    keyVersion({ exp: inDays(-7), created: undefined }, { keySize: undefined }),
    keyVersion({ exp: 'soon' }),
    keyVersion({ nbf: inDays(7) }),
    keyVersion({ enabled: false }),
    keyVersion({ enabled: undefined }),
    keyVersion({}, { attributes: undefined }),
    keyVersion({}, { kty: 'EC' }),
    keyVersion({}, { kty: undefined }),
    keyVersion({}, { keyOps: [] }),
    keyVersion({}, { keyOps: undefined }),
    goneVersion,
    forbiddenVersion,
    strangeVersion,
    outOfSight,
  ].map((inUse) => ({ inUse, newest: keyVersion() })),
];

const toRoles = (...some: Assignment[]) => roleAssignments(...some);
const keyRoles: RoleAssignments[] = [
  toRoles(),
  toRoles({ role: service, condition: 'true' }),
  toRoles({ role: customRole }),
  toRoles({ role: service, principalType: 'Group', principalId: 'group' }),
  toRoles({ role: service, principalType: undefined, principalId: 'somebody' }),
  forbiddenAssignments,
  {
    state: 'unreadable',
    reason: 'role_assignments_not_visible',
    readings: [readingOf('roleAssignments', 'acr-cmk')],
  },
];

const inBothCamps = [
  toRoles({ role: 'Owner', principalType: 'User', principalId: 'somebody' }),
  toRoles({ role: 'Owner', principalType: 'Group', principalId: 'group' }),
  toRoles({ role: 'Owner', principalType: 'User', principalId: 'somebody', condition: 'true' }),
];

const readings = [readingOf('diagnosticSettings', vault().id)];
const toSetting = (logs: unknown) => ({
  name: 'audit',
  properties: { workspaceId: '/workspaces/log', logs },
});
const settings: DiagnosticSettings[] = [
  diagnosticSettings(),
  diagnosticSettings(toSetting('odd')),
  { state: 'unreadable', reason: 'diagnostic_settings_forbidden', readings },
  { state: 'unreadable', reason: 'diagnostic_settings_not_visible', readings },
];

const parts = {
  keyHolder: found(vault()),
  key: { newest: keyVersion() },
  keyRoles: roleAssignments({ role: service }),
  registryRoles: roleAssignments(),
  diagnosticSettings: diagnosticSettings(toSetting([{ categoryGroup: 'audit', enabled: true }])),
};
const { diagnosticSettings: _, ...withoutSettings } = parts;

const ofIdentity = [readingOf('identity', identity.id)];
const identities: IdentityResource[] = [
  { state: 'absent', readings: ofIdentity },
  { state: 'unreadable', reason: 'identity_forbidden', readings: ofIdentity },
  { state: 'unreadable', reason: 'identity_not_visible', readings: ofIdentity },
];

/** Postures that differ from a good one in one way each: together they show every reason that a rule can give. */
export const allPostures: Posture[] = [
  toPosture(keyedRegistry(), { ...parts, tenantId: '9f8e7d6c-5b4a-4938-8271-605f4e3d2c1b' }),
  ...identities.map((one) => toPosture(keyedRegistry(), { ...parts, identity: one })),
  ...[undefined, 'id-images'].map((one) =>
    toPosture(keyedRegistry({ identity: one }), {
      ...parts,
      keyHolder: found(vault(toAcls('AzureServices', 'Deny'))),
    }),
  ),
  toPosture(keyedRegistry(), { ...parts, keyHolder: found(vault(toAcls('AzureServices', 'Deny'))) }),
  toPosture(keyedRegistry(), parts),
  toPosture(keyedRegistry(), withoutSettings),
  ...registries.map((body) => toPosture(body, parts)),
  ...keyHolders.map((keyHolder) => toPosture(keyedRegistry(), { ...parts, keyHolder })),
  ...keys.map((key) => toPosture(keyedRegistry(), { ...parts, key })),
  ...keyRoles.map((some) => toPosture(keyedRegistry(), { ...parts, keyRoles: some })),
  ...inBothCamps.map((some) => toPosture(keyedRegistry(), { ...parts, keyRoles: some, registryRoles: some })),
  ...settings.map((some) => toPosture(keyedRegistry(), { ...parts, diagnosticSettings: some })),
];
