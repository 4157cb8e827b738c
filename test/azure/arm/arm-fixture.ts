import tls from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import type { ArmInterceptor } from '../../../simulator/tenant/arm-listener.ts';
import { managedHsmBody, vaultBody } from '../../../simulator/tenant/key-holder-body.ts';
import { registryBody } from '../../../simulator/tenant/registry-body.ts';
import {
  type SimulatedTenantOptions,
  startSimulatedTenant,
} from '../../../simulator/tenant/simulated-tenant.ts';
import { subscriptionBody } from '../../../simulator/tenant/subscription-body.ts';
import type { ArmBody } from '../../../simulator/tenant/tenant-contents.ts';
import { connectAzure } from '../../../src/azure/connect.ts';
import { ReadFailure } from '../../../src/domain/estate/read-failure.ts';
import { parseResourceId, type ResourceId } from '../../../src/domain/estate/resource-id.ts';
import type { ArmAnswer, AzureReader } from '../../../src/monitor/ports/azure-ports.ts';
import type { Log, Run } from '../../../src/monitor/ports/ports.ts';

export const tenantId = '11111111-aaaa-4bbb-8ccc-222222222222';
export const subscriptionId = '33333333-aaaa-4bbb-8ccc-444444444444';
export const subscription = `/subscriptions/${subscriptionId}`;
export const now = '2026-08-01T10:00:00.000Z';
/** The token of the fixture's credential: no message may ever hold it. */
export const token = 'a-token-that-nobody-may-see';

const place = { tenantId, subscription, group: 'rg-keys', location: 'westeurope' };
export const registry = registryBody({
  subscription,
  group: 'rg-images',
  name: 'images',
  location: 'westeurope',
});
export const vault = vaultBody({ ...place, name: 'kv-images' });
export const hsm = managedHsmBody({ ...place, name: 'hsm-images' });
const deletedVault = deletedBody('deletedVaults', 'kv-old', {
  vaultId: `${subscription}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-old`,
});
const deletedHsm = deletedBody('deletedManagedHSMs', 'hsm-old', {
  mhsmId: `${subscription}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/managedHSMs/hsm-old`,
  purgeProtectionEnabled: false,
});

function deletedBody(type: string, name: string, properties: Record<string, unknown>): ArmBody {
  return {
    id: `${subscription}/providers/Microsoft.KeyVault/locations/westeurope/${type}/${name}`,
    name,
    type: `Microsoft.KeyVault/${type}`,
    properties: { location: 'westeurope', deletionDate: '2026-07-01T00:00:00Z', ...properties },
  };
}

/** Reads an id, which has to be one of a registry, vault or Managed HSM. */
export function toId(id: string): ResourceId {
  const parsed = parseResourceId(id);
  if (!parsed) throw new Error(`Not the id of a watched resource: ${id}`);
  return parsed;
}

/** A log that nobody reads. */
export const silentLog: Log = { info: () => {}, warn: () => {} };

/** A run of that many milliseconds. */
export function startTestRun(limit = 30_000): Run {
  return { log: silentLog, signal: AbortSignal.timeout(limit), calls: 0, rowsWritten: 0, deliveries: [] };
}

/** How to start an ARM for a test. */
export interface ArmFixtureOptions extends Partial<SimulatedTenantOptions> {
  intercept?: ArmInterceptor;
  credential?: TokenCredential;
}

/** Starts a simulated tenant with one of everything, and readers of it; the caller closes the tenant. */
export async function startArm({ intercept, credential, ...options }: ArmFixtureOptions = {}) {
  const tenant = await startSimulatedTenant({
    contents: {
      tenantId,
      subscriptions: [subscriptionBody(subscription, 'Production', tenantId)],
      resources: [registry, vault, hsm, deletedVault, deletedHsm],
    },
    ...options,
  });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), tenant.certificate]);
  tenant.intercept(intercept);
  const { azure: reader, graph } = connectAzure({
    endpoint: tenant.armEndpoint,
    scope: 'https://management.azure.com/.default',
    cloud: 'AzureCloud',
    concurrency: 50,
    credential: credential ?? knownToken,
    now: () => new Date(now),
  });
  return { tenant, reader, graph };
}

const knownToken: TokenCredential = {
  getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** One call of the reader; what it answers of a list is read to its end. */
type Operation = (reader: AzureReader, run: Run) => Promise<unknown>;

const deletedAt = { subscriptionId, location: 'westeurope' };

/** Every operation of the reader, on both kinds of key holders, by what its failures have to name. */
export const operations: Record<string, { named: string; call: Operation }> = {
  listSubscriptions: { named: 'subscription', call: (reader, run) => reader.listSubscriptions(run) },
  readRegistry: {
    named: registry.id,
    call: (reader, run) => reader.readRegistry(toId(registry.id), run),
  },
  listRegistries: {
    named: subscription,
    call: async (reader, run) => {
      const answer = await reader.listRegistries(subscriptionId, run);
      return answer.state === 'found' ? { ...answer, value: await Array.fromAsync(answer.value) } : answer;
    },
  },
  readVault: { named: vault.id, call: (reader, run) => reader.readKeyHolder(toId(vault.id), run) },
  readHsm: { named: hsm.id, call: (reader, run) => reader.readKeyHolder(toId(hsm.id), run) },
  listVaults: {
    named: subscription,
    call: (reader, run) => reader.listKeyHolders('vault', subscriptionId, run),
  },
  listHsms: {
    named: subscription,
    call: (reader, run) => reader.listKeyHolders('managedHsm', subscriptionId, run),
  },
  readDeletedVault: {
    named: 'kv-old',
    call: (reader, run) => reader.readDeletedKeyHolder({ ...deletedAt, kind: 'vault', name: 'kv-old' }, run),
  },
  readDeletedHsm: {
    named: 'hsm-old',
    call: (reader, run) =>
      reader.readDeletedKeyHolder({ ...deletedAt, kind: 'managedHsm', name: 'hsm-old' }, run),
  },
  listDeletedVaults: {
    named: subscription,
    call: (reader, run) => reader.listDeletedKeyHolders('vault', subscriptionId, run),
  },
  listDeletedHsms: {
    named: subscription,
    call: (reader, run) => reader.listDeletedKeyHolders('managedHsm', subscriptionId, run),
  },
  isVaultNameFree: {
    named: 'kv-images',
    call: (reader, run) => reader.isNameFree('vault', 'kv-images', subscriptionId, run),
  },
  isHsmNameFree: {
    named: 'hsm-new',
    call: (reader, run) => reader.isNameFree('managedHsm', 'hsm-new', subscriptionId, run),
  },
};

/** What a call came to: an answer, a list, or a failure. */
export interface Outcome {
  answer?: ArmAnswer<unknown> | unknown[];
  failure?: ReadFailure;
  calls: number;
}

/** Runs one operation; an error that is no {@link ReadFailure} is the test's own failure. */
export async function observe(reader: AzureReader, call: Operation, run = startTestRun()): Promise<Outcome> {
  try {
    const answer = (await call(reader, run)) as ArmAnswer<unknown> | unknown[];
    return { answer, calls: run.calls };
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    return { failure: error, calls: run.calls };
  }
}
