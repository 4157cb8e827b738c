import { TableClient, type TransactionAction } from '@azure/data-tables';
import { toKeyHolder, toRegistry } from '../../src/azure/bodies.ts';
import type { Reading } from '../../src/domain/reading.ts';
import { parseResourceId } from '../../src/domain/resource-id.ts';
import type { SimulatedTenant } from '../../src/local/tenant/simulated-tenant.ts';
import { decideCommit } from '../../src/monitor/decide-commit.ts';
import { toLinkRow, toRegistryRow } from '../../src/store/finding-rows.ts';
import { toPartition } from '../../src/store/keys.ts';

/** Registries that go into one transaction: two rows each. */
const batchSize = 50;

/** Writes the rows that a first sweep of the tenant leaves behind, without sweeping; `vaultIds` go with `registryIds`. */
export async function seedStore(
  connectionString: string,
  tenant: SimulatedTenant,
  { registryIds, vaultIds }: { registryIds: readonly string[]; vaultIds: readonly string[] },
): Promise<void> {
  const client = TableClient.fromConnectionString(connectionString, 'findings', {
    allowInsecureConnection: true,
  });
  await client.createTable();
  const batches = new Map<string, TransactionAction[]>();
  for (const [index, registryId] of registryIds.entries()) {
    const partition = toPartition(registryId.split('/')[2] ?? '');
    const batch = batches.get(partition) ?? [];
    batches.set(partition, [...batch, ...toActions(tenant, registryId, vaultIds[index] ?? '')]);
    if (batch.length < 2 * (batchSize - 1)) continue;
    await client.submitTransaction(batches.get(partition) ?? []);
    batches.delete(partition);
  }
  for (const batch of batches.values()) await client.submitTransaction(batch);
}

function toActions(tenant: SimulatedTenant, registryId: string, vaultId: string): TransactionAction[] {
  const now = new Date();
  const reading: Reading = {
    what: 'registry',
    id: registryId,
    at: now.toISOString(),
    from: 'GET',
    status: 200,
  };
  const vault = parseResourceId(vaultId);
  if (!vault) throw new Error(`Not the id of a vault: ${vaultId}`);
  const posture = {
    registry: toRegistry(tenant.get(registryId), reading),
    keyHolder: toKeyHolder(tenant.get(vaultId), reading, vault),
  };
  const { registry, link } = decideCommit(posture, {
    stored: undefined,
    findings: [],
    source: 'sweep',
    sink: undefined,
    now,
  });
  const rows = [toRegistryRow(registry), ...(link ? [toLinkRow(registry, link)] : [])];
  return rows.map((row) => ['create', row]);
}
