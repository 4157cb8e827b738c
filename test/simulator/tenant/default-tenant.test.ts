import { describe, expect, test } from 'vitest';
import { landingZones } from '../../../simulator/tenant/default-places.ts';
import { defaultTenant, newRegistryWithoutCmk } from '../../../simulator/tenant/default-tenant.ts';
import { toManagementGroupId } from '../../../simulator/tenant/management-groups.ts';
import { createTenantState } from '../../../simulator/tenant/tenant-state.ts';

const now = new Date('2026-09-01T00:00:00Z');
const contents = defaultTenant(now);
const { resources, subscriptions, hiddenSubscriptions = [] } = contents;
const registries = resources.filter((body) => body.type === 'Microsoft.ContainerRegistry/registries');

test('holds about 50 registries, and nothing twice', () => {
  expect(registries.length).toBeGreaterThanOrEqual(45);
  expect(registries.length).toBeLessThanOrEqual(55);
  expect(new Set(resources.map((body) => body.id.toLowerCase())).size).toBe(resources.length);
});

test('can be served as it is, each resource in a declared subscription or above all', () => {
  const state = createTenantState(contents);
  const known = subscriptions.map((body) => body.id);
  for (const body of resources) {
    expect(state.get(body.id)).toEqual(body);
    if (body.id.startsWith('/subscriptions/'))
      expect(known).toContain(body.id.split('/').slice(0, 3).join('/'));
  }
  expect(hiddenSubscriptions.map(state.hasSubscription)).toEqual([false]);
  expect(state.isNameTaken('vaults', 'kv-retail-archive')).toBe(true);
  expect(state.isNameTaken('vaults', 'kv-retail-closed')).toBe(false);
});

test('gives every subscription a place among its management groups', () => {
  const placed = contents.managementGroups?.flatMap((group) => group.subscriptions ?? []) ?? [];
  expect(placed.sort()).toEqual(subscriptions.map((body) => body.subscriptionId).sort());
});

test('offers a new registry that is not there yet', () => {
  const body = newRegistryWithoutCmk();
  expect(resources.map((one) => one.id)).not.toContain(body.id);
  expect(body).toMatchObject({
    sku: { name: 'Premium' },
    properties: { encryption: { status: 'disabled' } },
  });
});

describe('registries with a key of their owner’s', () => {
  /** What is the matter with each, in the words of the bodies; nothing with those that are not named. */
  const expected: Record<string, string[]> = {
    acrplatformus: ['other region'],
    acrplatformpinned: ['versioned key identifier'],
    acrplatformlostkey: ['key deleted'],
    acrplatformescrow: ['key holder out of sight'],
    acrplatformroot: ['key holder out of sight'],
    acrretailpartner: ['key holder out of sight'],
    acrretailweb: ['no purge protection'],
    acrretailpos: ['no purge protection'],
    acrretaillegacy: ['no purge protection', 'no soft delete'],
    acrretailseasonal: ['key expires in 10 days'],
    acrretailpopup: ['short retention'],
    acrretailarchive: ['no key holder'],
    acrretailpilot: ['no key holder'],
    acrretailorphan: ['no key holder'],
    acrdataml: ['key disabled'],
    acrdatalake: ['key expired'],
    acrdatawalled: ['network closed'],
    acrdatabygroup: ['access by group'],
    acrdatanoaccess: ['no access'],
    acrdatasystem: ['system-assigned identity'],
    acrdatadetached: ['identity detached'],
    acrdatahsm: ['Managed HSM'],
    acrdatalab: ['Managed HSM', 'no purge protection', 'short retention'],
    acrdataretired: ['Managed HSM', 'key deleted', 'no purge protection'],
    acrdevshared: ['network perimeter'],
  };
  const healthy = [
    'acrplatformprod',
    'acrplatformbase',
    'acrplatformcharts',
    'acrplatformedge',
    'acrPlatformNorth',
    'acrretailwarehouse',
    'acrretailloyalty',
    'acrdatatools',
    'acrdatakeyrole',
    'acrdatacustomrole',
  ];
  const withKey = registries.filter(({ properties }) => toKeyUse(properties) !== undefined);

  test('are just these', () => {
    expect(withKey.map(({ name }) => name).sort()).toEqual([...Object.keys(expected), ...healthy].sort());
  });

  test.each(withKey)('$name has what its name says', (body) => {
    expect(toTroubles(body).sort()).toEqual(expected[String(body.name)] ?? []);
  });

  test('keep their troubles whenever the tenant is made', () => {
    const later = defaultTenant(new Date('2031-01-01T00:00:00Z')).resources;
    const expiry = (list: typeof resources, name: string) =>
      (list.find((body) => body.name === name)?.properties?.attributes as { exp: number } | undefined)?.exp ??
      0;
    const difference = expiry(later, 'retail-seasonal') - expiry(resources, 'retail-seasonal');
    expect(difference).toBe((Date.UTC(2031, 0, 1) - now.getTime()) / 1000);
  });
});

const outOfSight = [
  ...hiddenSubscriptions.map((id) => `/subscriptions/${id}/`),
  ...(contents.unreadable ?? []).map(({ scope }) => scope),
];

interface KeyUse {
  keyIdentifier: string;
  identity: string;
}

function toKeyUse(properties: Record<string, unknown> | undefined): KeyUse | undefined {
  return (properties?.encryption as { keyVaultProperties?: KeyUse } | undefined)?.keyVaultProperties;
}

function toTroubles({ properties, identity, location }: (typeof registries)[number]): string[] {
  const { keyIdentifier, identity: clientId } = toKeyUse(properties) ?? { keyIdentifier: '', identity: '' };
  const { hostname, pathname } = new URL(keyIdentifier);
  const [, , keyName, version] = pathname.split('/');
  const holder = resources.find((one) => toHost(one) === hostname);
  if (!holder) return ['no key holder'];
  if (outOfSight.some((scope) => holder.id.startsWith(scope))) return ['key holder out of sight'];
  const key = resources.find((one) => one.id === `${holder.id}/keys/${keyName}`);
  const principalId = toPrincipal(identity, clientId);
  return [
    ...toKeyTroubles(key),
    ...toHolderTroubles(holder.properties ?? {}),
    ...(hostname.includes('.managedhsm.') ? ['Managed HSM'] : toAccessTroubles(holder, key, principalId)),
    ...(version ? ['versioned key identifier'] : []),
    ...(toRegion(holder.location) === toRegion(location) ? [] : ['other region']),
    ...(clientId === 'system' ? ['system-assigned identity'] : []),
    ...(clientId === 'system' || JSON.stringify(identity).includes(clientId) ? [] : ['identity detached']),
  ];
}

function toKeyTroubles(key: (typeof resources)[number] | undefined): string[] {
  const { enabled, exp } = (key?.properties?.attributes ?? {}) as { enabled?: boolean; exp?: number };
  const days = exp === undefined ? 1000 : Math.round((exp - now.getTime() / 1000) / 86_400);
  if (!key) return ['key deleted'];
  if (!enabled) return ['key disabled'];
  if (days < 0) return ['key expired'];
  return days < 30 ? [`key expires in ${days} days`] : [];
}

function toHolderTroubles(properties: Record<string, unknown>): string[] {
  const { bypass = 'AzureServices', defaultAction } = (properties.networkAcls ?? {}) as Record<
    string,
    unknown
  >;
  return [
    ...(properties.enablePurgeProtection === true ? [] : ['no purge protection']),
    ...(properties.enableSoftDelete === true ? [] : ['no soft delete']),
    ...(properties.softDeleteRetentionInDays === 90 ? [] : ['short retention']),
    ...(bypass === 'None' && defaultAction === 'Deny' ? ['network closed'] : []),
    ...(properties.publicNetworkAccess === 'SecuredByPerimeter' ? ['network perimeter'] : []),
  ];
}

function toAccessTroubles(
  { id, properties }: (typeof resources)[number],
  key: (typeof resources)[number] | undefined,
  principalId: string,
): string[] {
  if (properties?.enableRbacAuthorization !== true) {
    return JSON.stringify(properties?.accessPolicies).includes(principalId) ? [] : ['no access'];
  }
  const isInGroup = landingZones.subscriptions?.some((one) => id.includes(one));
  const grants = resources.filter(({ type, properties: { scope, roleDefinitionId } = {} }) => {
    const grantsKeys = /e147488a|12338af0/.test(String(roleDefinitionId)) || isCustomRole(roleDefinitionId);
    const applies =
      (isInGroup && scope === toManagementGroupId(landingZones)) || (key?.id ?? id).startsWith(String(scope));
    return type === 'Microsoft.Authorization/roleAssignments' && applies && grantsKeys;
  });
  if (grants.some((one) => one.properties?.principalId === principalId)) return [];
  return grants.some((one) => one.properties?.principalType === 'Group')
    ? ['access by group']
    : ['no access'];
}

function isCustomRole(roleDefinitionId: unknown): boolean {
  return resources.some(({ type, id }) => type?.endsWith('/roleDefinitions') && id === roleDefinitionId);
}

function toPrincipal(identity: unknown, clientId: string): string {
  const row = resources.find(({ properties }) => properties?.clientId === clientId);
  return String(
    row?.properties?.principalId ?? (identity as { principalId?: string } | undefined)?.principalId,
  );
}

function toHost({ properties }: (typeof resources)[number]): string | undefined {
  const uri = properties?.vaultUri ?? properties?.hsmUri;
  return uri === undefined ? undefined : new URL(String(uri)).hostname;
}

function toRegion(location: string | undefined): string {
  return (location ?? '').toLowerCase().replaceAll(' ', '');
}
