import { TableClient, type TransactionAction } from '@azure/data-tables';
import type { SimulatedTenant } from '../../simulator/tenant/simulated-tenant.ts';
import { toKeyVersion } from '../../src/bodies/key.ts';
import { toKeyHolder } from '../../src/bodies/key-holder.ts';
import { toRegistry } from '../../src/bodies/registry.ts';
import { toRoleAssignment } from '../../src/bodies/roles.ts';
import { builtInRole } from '../../src/domain/estate/built-in-roles.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';
import { parseResourceId } from '../../src/domain/estate/resource-id.ts';
import { toRoleId } from '../../src/domain/estate/role.ts';
import { decideCommit } from '../../src/monitor/assess/decide-commit.ts';
import type { MemoReads } from '../../src/monitor/posture/memo-reads.ts';
import { createPostureReader } from '../../src/monitor/posture/read-posture.ts';
import { createRuleSet } from '../../src/rules/rule-set.ts';
import { toLinkRow, toRegistryRow } from '../../src/store/finding-rows.ts';
import { toPartition } from '../../src/store/keys.ts';

const rules = createRuleSet();

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
  const now = new Date();
  const vault = parseResourceId(vaultId);
  if (!vault) throw new Error(`Not the id of a vault: ${vaultId}`);
  const registry = toRegistry(tenant.get(registryId), toReading('registry', registryId));
  const shown = () => toKeyHolder(tenant.get(vaultId), toReading('vault', vaultId), vault);
  const finder = { find: async () => shown() };
  const posture = await createPostureReader({
    finder,
    reads: toReads(tenant, ids),
    rules,
    now: () => now,
  }).complete(registry);
  const judged = { posture, verdicts: rules.evaluate(posture, now), ruleSet: rules.name };
  const commit = decideCommit(judged, {
    stored: undefined,
    findings: [],
    source: 'sweep',
    sink: undefined,
    now,
  });
  const { registry: record, link } = commit;
  const rows = [toRegistryRow(record), ...(link ? [toLinkRow(record, link)] : [])];
  return rows.map((row) => ['create', row]);
}

/** Reads of the tenant without asking it over the network. */
function toReads(tenant: SimulatedTenant, { assignmentIds }: SeedIds): MemoReads {
  return {
    async readKeyVersion(holder, name) {
      const id = `${holder.id}/keys/${name}`;
      return toKeyVersion(tenant.get(id), toReading('key', id));
    },
    async readAssignments(scope) {
      const ids = assignmentIds.get(scope.replace(/\/keys\/.*/, '')) ?? [];
      const value = ids.map((id) => toRoleAssignment(tenant.get(id)));
      return { state: 'found', value, reading: toReading('roleAssignments', scope) };
    },
    readRoles: async (ids) =>
      new Map(ids.map((id) => [toRoleId(id), builtInRole(id) ?? { state: 'unreadable' }])),
    readIdentities: async () => new Set(),
    readDiagnosticSettings: () =>
      Promise.reject(new Error('No rule that is on asks for diagnostic settings')),
  };
}

function toReading(what: Reading['what'], id: string): Reading {
  return { what, id, at: new Date().toISOString(), from: 'GET', status: 200 };
}
