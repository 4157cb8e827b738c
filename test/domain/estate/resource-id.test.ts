import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isRegistryReference,
  isSameId,
  isSubscriptionId,
  parseRegistryId,
  parseResourceId,
  toResourceKey,
} from '../../../src/domain/estate/resource-id.ts';

const subscriptionId = '6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b';
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-images`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/acrImages`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-images`;
const hsm = `${group}/providers/Microsoft.KeyVault/managedHSMs/hsm-images`;

describe('a resource id', () => {
  it.each([
    ['registry', registry, 'acrImages'],
    ['vault', vault, 'kv-images'],
    ['managedHsm', hsm, 'hsm-images'],
  ])('of a %s is read, and kept as Azure wrote it', (kind, id, name) => {
    expect(parseResourceId(id)).toEqual({ kind, id, subscriptionId, resourceGroup: 'rg-images', name });
  });

  it.each([registry, vault, hsm])('is read in any casing: %s', (id) => {
    for (const odd of [id.toLowerCase(), id.toUpperCase(), id.replace('resourceGroups', 'resourcegroups')]) {
      expect(parseResourceId(odd)).toMatchObject({ kind: parseResourceId(id)?.kind, id: odd });
    }
  });

  it.each([
    [registry, '/replications/westeurope'],
    [registry, '/webhooks/hook'],
    [registry, '/'],
    [vault, '/accessPolicies/add'],
    [vault, '/providers/Microsoft.Authorization/roleAssignments/1'],
    [hsm, '/keys/root/versions/1'],
  ])('of something below %s names the resource itself: %s', (id, below) => {
    expect(parseResourceId(id + below)?.id).toBe(id);
    expect(parseRegistryId(id + below)).toBeUndefined();
  });

  it.each(['rg.images_(old)-1', 'Rg-Größe', 'rg images', 'r', 'x'.repeat(90)])(
    'may have the resource group %s',
    (name) => {
      expect(parseResourceId(registry.replace('rg-images', name))?.resourceGroup).toBe(name);
    },
  );

  it.each([
    ['an empty resource group', 'resourceGroups//providers'],
    ['a resource group that is too long', `resourceGroups/${'x'.repeat(91)}/providers`],
    ['a resource group with a bar, which parts keys', 'resourceGroups/rg|images/providers'],
    ['a resource group with a hash', 'resourceGroups/rg#images/providers'],
    ['a resource group with a control character', 'resourceGroups/rg\timages/providers'],
    ['no resource group', 'providers'],
  ])('with %s is none', (_, odd) => {
    expect(parseResourceId(registry.replace('resourceGroups/rg-images/providers', odd))).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a subscription', `/subscriptions/${subscriptionId}`],
    ['a resource group', group],
    ['a deployment', `${group}/providers/Microsoft.Resources/deployments/acrImages`],
    ['another type', `${group}/providers/Microsoft.KeyVaults/vaults/kv-images`],
    ['a type without a name', `${group}/providers/Microsoft.KeyVault/vaults`],
    [
      'a soft-deleted vault',
      `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-images`,
    ],
    ['a subscription that is none', registry.replace(subscriptionId, 'not a guid')],
    ['a name with a dot', registry.replace('acrImages', 'acr.images')],
    ['a whole address', `https://management.azure.com${registry}`],
  ])('of %s is none that the monitor watches', (_, id) => {
    expect(parseResourceId(id)).toBeUndefined();
  });

  it('of a registry is asked for exactly', () => {
    expect(parseRegistryId(` ${registry} `)).toMatchObject({ id: registry });
    expect(parseRegistryId(vault)).toBeUndefined();
  });
});

describe('a key', () => {
  it('is the same for every casing of an id, and apart for every other registry', () => {
    const part = fc.stringMatching(/^[a-zA-Z0-9-]{1,20}$/);
    fc.assert(
      fc.property(fc.tuple(part, part), fc.tuple(part, part), ([group, name], [otherGroup, otherName]) => {
        const toId = (group: string, name: string) => ({ subscriptionId, resourceGroup: group, name });
        const key = toResourceKey(toId(group, name));
        expect(toResourceKey(toId(group.toUpperCase(), name.toUpperCase()))).toBe(key);
        const isOther = `${group}/${name}`.toLowerCase() !== `${otherGroup}/${otherName}`.toLowerCase();
        expect(toResourceKey(toId(otherGroup, otherName)) !== key).toBe(isOther);
      }),
    );
  });

  it('has subscription, resource group and name in lower case', () => {
    const id = parseResourceId(registry.toUpperCase());
    expect(id && toResourceKey(id)).toBe(`${subscriptionId}|rg-images|acrimages`);
  });
});

it('two ids are the same without regard to case alone', () => {
  expect(isSameId(registry, registry.toUpperCase())).toBe(true);
  expect(isSameId(registry, `${registry}2`)).toBe(false);
});

it('a subscription id is a GUID in any casing', () => {
  expect([subscriptionId, subscriptionId.toUpperCase()].map(isSubscriptionId)).toEqual([true, true]);
  expect([`${subscriptionId}0`, 'production', `{${subscriptionId}}`, ''].map(isSubscriptionId)).toEqual(
    Array(4).fill(false),
  );
});

it('a registry is referred to by its id or its name, not by any other path', () => {
  expect([registry, 'acrimages'].map(isRegistryReference)).toEqual([true, true]);
  expect([vault, `${registry}/webhooks/x`, 'rg/acrimages'].map(isRegistryReference)).toEqual(
    Array(3).fill(false),
  );
});
