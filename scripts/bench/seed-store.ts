import { TableClient, type TransactionAction } from '@azure/data-tables';
import type { SimulatedTenant } from '../../simulator/tenant/simulated-tenant.ts';
import { toKeyVersion } from '../../src/bodies/key.ts';
import { toKeyHolder } from '../../src/bodies/key-holder.ts';
import { toRegistry } from '../../src/bodies/registry.ts';
import { toRoleAssignment } from '../../src/bodies/roles.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';
import { parseRegistryId } from '../../src/domain/estate/resource-id.ts';
import { createEvaluator } from '../../src/monitor/monitor.ts';
import type { AzureReader } from '../../src/monitor/ports/azure-ports.ts';
import type { Commit, FindingStore, Store } from '../../src/monitor/ports/ports.ts';
import { startRun } from '../../src/monitor/ports/run.ts';
import { toLinkRow, toRegistryRow } from '../../src/store/finding-rows.ts';
import { toPartition } from '../../src/store/keys.ts';

/** Registries that go into one transaction: two rows each. */
const batchSize = 50;

/** The ids of a tenant's resources; registries and vaults go together. */
export interface SeedIds {
  registryIds: readonly string[];
  vaultIds: readonly string[];
  /** Role assignments by the id of the vault that they stand at. */
  assignmentIds: ReadonlyMap<string, readonly string[]>;
}

/** Writes the rows that a first sweep of the tenant leaves behind, without sweeping. */
export async function seedStore(
  connectionString: string,
  tenant: SimulatedTenant,
  ids: SeedIds,
): Promise<void> {
  const client = TableClient.fromConnectionString(connectionString, 'findings', {
    allowInsecureConnection: true,
  });
  await client.createTable();
  const batches = new Map<string, TransactionAction[]>();
  for (const [index, registryId] of ids.registryIds.entries()) {
    const partition = toPartition(registryId.split('/')[2] ?? '');
    const batch = batches.get(partition) ?? [];
    const actions = await toActions(tenant, ids, { registryId, vaultId: ids.vaultIds[index] ?? '' });
    batches.set(partition, [...batch, ...actions]);
    if (batch.length < 2 * (batchSize - 1)) continue;
    await client.submitTransaction(batches.get(partition) ?? []);
    batches.delete(partition);
  }
  for (const batch of batches.values()) await client.submitTransaction(batch);
}

async function toActions(
  tenant: SimulatedTenant,
  ids: SeedIds,
  { registryId, vaultId }: { registryId: string; vaultId: string },
): Promise<TransactionAction[]> {
  const id = parseRegistryId(registryId);
  if (!id) throw new Error(`Not the id of a registry: ${registryId}`);
  const commits: Commit[] = [];
  const findings: Partial<FindingStore> = {
    readRegistry: async () => undefined,
    listLinks: async () => [{ registryId, holderHost: '', holderId: vaultId }],
    async commit(commit) {
      commits.push(commit);
      return { state: 'committed', etag: '', alerts: [], rows: 0 };
    },
  };
  const ports = {
    azure: toReader(tenant, ids) as AzureReader,
    inventory: undefined,
    store: { findings } as Store,
    sinks: [],
    now: () => new Date(),
  };
  const settings = { cloud: 'AzureCloud', rules: {}, retrySchedule: [] } as const;
  const { assessRegistry } = createEvaluator(ports, settings);
  await assessRegistry({ id, source: 'sweep', run: startRun(60_000, { log: console }) });
  const rows = commits.flatMap(({ registry, link }) => [
    toRegistryRow(registry),
    ...(link ? [toLinkRow(registry, link)] : []),
  ]);
  return rows.map((row) => ['create', row]);
}

/** Reads of the tenant without asking it over the network. */
function toReader(tenant: SimulatedTenant, { assignmentIds }: SeedIds): Partial<AzureReader> {
  return {
    async readRegistry({ id }) {
      const reading = toReading('registry', id);
      return { state: 'found', value: toRegistry(tenant.get(id), reading), reading };
    },
    async readKeyHolder(holder) {
      const reading = toReading('vault', holder.id);
      return { state: 'found', value: toKeyHolder(tenant.get(holder.id), reading, holder), reading };
    },
    async readKey(holder, { name }) {
      const id = `${holder.id}/keys/${name}`;
      const reading = toReading('key', id);
      return { state: 'found', value: toKeyVersion(tenant.get(id), reading), reading };
    },
    async readRoleAssignments(scope) {
      const at = assignmentIds.get(scope.replace(/\/keys\/.*/, '')) ?? [];
      const value = at.map((id) => toRoleAssignment(tenant.get(id)));
      return { state: 'found', value, reading: toReading('roleAssignments', scope) };
    },
  };
}

function toReading(what: Reading['what'], id: string): Reading {
  return { what, id, at: new Date().toISOString(), from: 'GET', status: 200 };
}
