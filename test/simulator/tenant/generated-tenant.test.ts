import { describe, expect, test } from 'vitest';
import { generatedTenant } from '../../../simulator/tenant/generated-tenant.ts';
import { startGraph } from './graph/graph-client.ts';

const bodiesOf = (options: Parameters<typeof generatedTenant>[0]) =>
  generatedTenant(options).lazyResources.map((one) => one.toBody());
const typesOf = (options: Parameters<typeof generatedTenant>[0]) =>
  Object.groupBy(bodiesOf(options), (body) => body.type?.split('/').slice(1).join('/') ?? '');

describe('a generated tenant', () => {
  test('follows from its seed', () => {
    const options = { subscriptions: 5, registries: 100, seed: 7 };
    expect(bodiesOf(options)).toEqual(bodiesOf(options));
    expect(generatedTenant(options).subscriptions).toEqual(generatedTenant(options).subscriptions);
    const ids = new Set(bodiesOf(options).map((body) => body.id));
    expect(bodiesOf({ ...options, seed: 8 }).filter((body) => ids.has(body.id))).toEqual([]);
  });

  test('spreads registries over subscriptions, of all SKUs, some with a key in a vault of its own', () => {
    const {
      registries = [],
      vaults = [],
      'vaults/keys': keys = [],
    } = typesOf({
      subscriptions: 5,
      registries: 100,
    });
    const bySubscription = Object.groupBy(registries, (body) => body.id.split('/')[2] ?? '');
    expect(Object.values(bySubscription).map((list) => list?.length)).toEqual([20, 20, 20, 20, 20]);
    expect(new Set(registries.map((body) => (body.sku as { name: string }).name)).size).toBe(3);
    expect(new Set(registries.map((body) => body.location)).size).toBeGreaterThan(3);
    const hosts = registries.flatMap(toHost);
    expect(hosts.length).toBeGreaterThan(20);
    expect(hosts.length).toBeLessThan(60);
    expect(hosts.sort()).toEqual(vaults.map((body) => `${body.name}.vault.azure.net`).sort());
    expect(keys).toHaveLength(vaults.length);
  });

  test('can give every registry a vault that is as it should be, or share vaults', () => {
    const own = typesOf({ subscriptions: 2, registries: 40, ownVault: true });
    expect(own.vaults).toHaveLength(40);
    expect(new Set(own.registries?.flatMap(toHost)).size).toBe(40);
    expect(own.vaults?.every((body) => body.properties?.enablePurgeProtection === true)).toBe(true);
    const shared = typesOf({ subscriptions: 2, registries: 40, ownVault: true, registriesPerVault: 20 });
    expect(shared.vaults).toHaveLength(2);
    expect(new Set(shared.registries?.flatMap(toHost)).size).toBe(2);
  });

  test('lets every registry reach its key, half of them by a role, half by access policies', () => {
    for (const registriesPerVault of [1, 15]) {
      const options = { subscriptions: 4, registries: 40, ownVault: true, registriesPerVault };
      const { registries = [], vaults = [], ...rest } = typesOf(options);
      const assignments = rest.roleAssignments ?? [];
      const roles = vaults.filter((body) => body.properties?.enableRbacAuthorization === true);
      expect(roles).toHaveLength(Math.ceil(vaults.length / 2));
      for (const { identity, properties, location } of registries) {
        const { identity: clientId, keyIdentifier } = toKey(properties);
        const attached = (identity as { userAssignedIdentities: Record<string, unknown> })
          .userAssignedIdentities;
        const row = rest.userAssignedIdentities?.find((body) => body.properties?.clientId === clientId);
        const principalId = row?.properties?.principalId;
        expect(Object.values(attached)).toEqual([{ clientId, principalId }]);
        const host = new URL(keyIdentifier).hostname;
        const vault = vaults.find((body) => `${body.name}.vault.azure.net` === host);
        expect(vault?.location).toBe(location);
        const scopes = assignments.flatMap((body) =>
          body.properties?.principalId === principalId ? [body.properties?.scope] : [],
        );
        const policies = vault?.properties?.accessPolicies as { objectId: string }[];
        const isRole = roles.includes(vault as (typeof roles)[number]);
        expect(
          isRole ? scopes.includes(vault?.id) : policies.some((one) => one.objectId === principalId),
        ).toBe(true);
        expect(isRole).toBe(policies.length === 0);
      }
      if (registriesPerVault === 1) expect(assignments).toHaveLength(20);
    }
  });

  test('names each resource once, as its body does', () => {
    const { lazyResources } = generatedTenant({ subscriptions: 3, registries: 60, registriesPerVault: 7 });
    expect(new Set(lazyResources.map((one) => one.id.toLowerCase())).size).toBe(lazyResources.length);
    for (const { id, toBody } of lazyResources) expect(toBody().id).toBe(id);
  });
});

describe('a tenant of 10,000 registries', () => {
  test('is paged to the end, nothing lost, nothing twice, and quickly', async () => {
    const contents = generatedTenant({ subscriptions: 500, registries: 10_000, ownVault: true });
    const { tenant, pages } = await startGraph(contents);
    const startedAt = performance.now();
    for (const type of ['microsoft.containerregistry/registries', 'microsoft.keyvault/vaults']) {
      const query = `resources | where type == '${type}' | project id, name, location, properties | order by id asc`;
      const ids = (await pages(query, { top: 1000 })).flat().map((row) => row.id);
      expect([ids.length, new Set(ids).size]).toEqual([10_000, 10_000]);
      expect(ids).toEqual(ids.toSorted());
    }
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(tenant.calls).toHaveLength(20);
  });

  test('serves each resource and list to Resource Manager too, and takes changes', async () => {
    const contents = generatedTenant({ subscriptions: 2, registries: 40, ownVault: true });
    const { tenant, values } = await startGraph(contents);
    const [registry] = contents.lazyResources.filter((one) => one.id.includes('/registries/'));
    const body = tenant.get(registry?.id ?? '');
    if (!body) throw new Error('There is no registry.');
    tenant.put({ ...body, location: 'westus' });
    expect(await values("resources | where location == 'westus' | project name")).toEqual([body.name]);
    tenant.remove(body.id);
    const names = "resources | where type has 'registries' | project name";
    expect(await values(names)).toHaveLength(39);
    const list = `${body.id.split('/').slice(0, 3).join('/')}/providers/Microsoft.ContainerRegistry/registries`;
    const response = await fetch(`${tenant.armEndpoint}${list}?api-version=2025-11-01`, {
      headers: { authorization: 'Bearer any' },
    });
    expect(((await response.json()) as { value: unknown[] }).value).toHaveLength(19);
  });
});

function toKey(properties: Record<string, unknown> | undefined) {
  const { keyVaultProperties } = (properties?.encryption ?? {}) as {
    keyVaultProperties: { keyIdentifier: string; identity: string };
  };
  return keyVaultProperties;
}

function toHost({ properties }: { properties?: Record<string, unknown> }): string[] {
  const { keyVaultProperties } = (properties?.encryption ?? {}) as {
    keyVaultProperties?: { keyIdentifier: string };
  };
  return keyVaultProperties ? [new URL(keyVaultProperties.keyIdentifier).hostname] : [];
}
