import { startAzurite } from '../../simulator/demo/azurite.ts';
import { generatedTenant } from '../../simulator/tenant/generated-tenant.ts';
import { type SimulatedTenant, startSimulatedTenant } from '../../simulator/tenant/simulated-tenant.ts';
import { seedStore } from './seed-store.ts';
import { startTableProxy, type TableTraffic } from './table-proxy.ts';

/** Size and speed of the tenant. */
export interface BenchTenant {
  subscriptions: number;
  registries: number;
  /** Milliseconds before each answer of Azure. */
  latency: number;
  seed: number;
}

/** What the services counted since they were asked last. */
interface ServiceCounts {
  /** Calls to Azure by kind. */
  calls: Record<string, number>;
  table: TableTraffic;
}

/** The services that a sweep is measured against, in this process. */
export interface BenchServices {
  settings: Record<string, string>;
  certificate: string;
  /** Counts since the last call. */
  take(): ServiceCounts;
  /** Takes purge protection from the vaults of a share of the registries. */
  change(share: number): void;
  /** Fills the store as a first sweep would have. */
  seed(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a generated tenant, Azurite, and a counter before it. */
export async function startServices({
  subscriptions,
  registries,
  latency,
  seed,
}: BenchTenant): Promise<BenchServices> {
  const contents = generatedTenant({ subscriptions, registries, seed, ownVault: true });
  const tenant = await startSimulatedTenant({ contents, latency, pageSize: 1000 });
  const azurite = await startAzurite();
  const proxy = await startTableProxy(azurite.port);
  const ids = contents.lazyResources.map(({ id }) => id);
  const registryIds = ids.filter((id) => /\/registries\/[^/]+$/i.test(id));
  const vaultIds = ids.filter((id) => /\/vaults\/[^/]+$/i.test(id));
  const assignments = ids.filter((id) => /\/roleAssignments\/[^/]+$/i.test(id));
  const assignmentIds = Map.groupBy(assignments, (id) =>
    id.replace(/\/providers\/Microsoft\.Authorization\/.*/, ''),
  );
  let counted = 0;
  return {
    settings: {
      FindingsStorage: azurite.connectionString.replace(`:${azurite.port}/`, `:${proxy.port}/`),
      ARM_ENDPOINT: tenant.armEndpoint,
      IDENTITY_ENDPOINT: tenant.identityEndpoint,
      IDENTITY_HEADER: tenant.identityHeader,
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    },
    certificate: tenant.certificate,
    take() {
      const calls = tenant.calls.slice(counted);
      counted = tenant.calls.length;
      const kinds = Object.groupBy(calls, ({ path }) => toKind(path));
      const counts = Object.entries(kinds).map(([kind, of]) => [kind, of?.length ?? 0]);
      return { calls: Object.fromEntries(counts), table: proxy.take() };
    },
    change: (share) => changeVaults(tenant, vaultIds.slice(0, Math.ceil(vaultIds.length * share))),
    seed: () => seedStore(azurite.connectionString, tenant, { registryIds, vaultIds, assignmentIds }),
    async close() {
      proxy.close();
      await Promise.all([tenant.close(), azurite.close()]);
    },
  };
}

function changeVaults(tenant: SimulatedTenant, vaultIds: readonly string[]): void {
  for (const id of vaultIds) {
    const vault = tenant.get(id);
    if (!vault) throw new Error(`There is no vault ${id}`);
    const { enablePurgeProtection: _, ...properties } = vault.properties ?? {};
    tenant.put({ ...vault, properties });
  }
}

function toKind(path: string): string {
  if (/resourcegraph/i.test(path)) return 'graph queries';
  if (/^\/subscriptions$/i.test(path)) return 'subscription lists';
  if (/\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerRegistry\/registries\//i.test(path))
    return 'registry reads';
  if (/\/roleAssignments$|\/roleDefinitions\//i.test(path)) return 'role reads';
  if (/\/keys\/[^/]+(\/versions\/[^/]+)?$/i.test(path)) return 'key reads';
  if (/\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\//i.test(path)) return 'key holder reads';
  return 'lists';
}
